import type { Framing } from "../../src/canonical/dialect.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { ProviderManifest } from "../../src/canonical/provider.ts";
import { manifests } from "../../src/compose/providers.ts";

/** The gateway with a provider for every framing, whatever the vendors among the built-in ones have. */
const FRAMED: Readonly<Record<Framing, ChatDialect>> = {
  sse: "anthropic-messages",
  ndjson: "ollama",
  eventstream: "anthropic-messages",
  "eventstream-chunks": "anthropic-messages",
};

function framed(framing: Framing, dialect: ChatDialect): ProviderManifest {
  return {
    name: `framed-${framing}`,
    title: `Framed as ${framing}`,
    docs: "",
    baseUrl: "http://127.0.0.1:1",
    auth: { type: "bearer" },
    headers: {},
    forwardHeaders: [],
    wires: [{ dialect, operations: ["chat"], framing }],
    keyVariables: [],
  };
}

for (const [framing, dialect] of Object.entries(FRAMED)) {
  (manifests as ProviderManifest[]).push(framed(framing as Framing, dialect));
}
await import("../../src/compose/main.ts");
