import type { ProviderManifest } from "../../src/canonical/provider.ts";
import { manifests } from "../../src/compose/providers.ts";
import { INVOKE_HEADERS, INVOKE_WIRES } from "../../src/providers/bedrock/invoke-wires.ts";

/** The gateway with a provider that speaks nothing but InvokeModel, and takes its credential as it comes. */
const invoker: ProviderManifest = {
  name: "invoker",
  title: "InvokeModel alone",
  docs: "",
  baseUrl: "http://127.0.0.1:1",
  auth: { type: "bearer" },
  headers: {},
  wires: INVOKE_WIRES,
  forwardHeaders: INVOKE_HEADERS,
  keyVariables: [],
};

(manifests as ProviderManifest[]).push(invoker);
await import("../../src/compose/main.ts");
