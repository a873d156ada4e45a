import { cannotHonour, nameAt } from "./fields.ts";
import type { RoutingIntent } from "./intent.ts";

type Headers = Readonly<Record<string, string>>;

/** Headers of features that are not here. */
const UNKNOWN =
  /^x-bf-(?:direct-key|cache-.*|mcp-.*|prompt-.*|async-.*|send-back-raw-.*|store-raw-.*|passthrough-.*|eh-.*)$/;

/** Reads Bifrost's headers: https://docs.getbifrost.ai/providers/request-options */
export function readBifrost(headers: Headers, intent: RoutingIntent): void {
  intent.key =
    nameAt("x-bf-api-key-id", headers["x-bf-api-key-id"]) ??
    nameAt("x-bf-api-key", headers["x-bf-api-key"]) ??
    intent.key;
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith("x-bf-dim-")) intent.metadata[name.slice("x-bf-dim-".length)] = value;
    else if (UNKNOWN.test(name)) cannotHonour(intent, "bifrost", name, "not offered here");
  }
}
