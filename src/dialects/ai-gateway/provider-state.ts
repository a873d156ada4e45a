import type { CacheMarker } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { DialectName } from "../../canonical/names.ts";
import { openOpaque, sealOpaque, type Opaque } from "../../canonical/opaque.ts";
import { AI_GATEWAY, objectOf, textOf } from "./wire.ts";

/** Where state of a maker without fields of its own stands. */
const SEALED = "trunkline";

/**
 * State as the AI SDK's providers hand it out in `providerMetadata` and take it back in `providerOptions`: `anthropic` has
 * `signature` and `redactedData`, `openai` `itemId` and `reasoningEncryptedContent`, `google` `thoughtSignature`
 * (@ai-sdk/anthropic 3.0, @ai-sdk/openai 3.0, @ai-sdk/google 3.0).
 */
export function encodeState(opaque: Opaque): JsonObject {
  const { maker, kind, value, id } = opaque;
  if (maker === "anthropic-messages" && kind === "signature") return { anthropic: { signature: value } };
  if (maker === "anthropic-messages" && kind === "redacted") return { anthropic: { redactedData: value } };
  if (maker === "openai-responses") {
    return { openai: { ...(id !== undefined && { itemId: id }), reasoningEncryptedContent: value } };
  }
  if (maker === "gemini") return { google: { thoughtSignature: value } };
  return { [SEALED]: { state: sealOpaque(opaque, AI_GATEWAY) } };
}

/** The state in a part's options or metadata; undefined when it holds none. */
export function decodeState(fields: JsonObject | undefined): Opaque | undefined {
  if (fields === undefined) return undefined;
  const sealed = textOf(objectOf(fields[SEALED])?.["state"]);
  if (sealed !== undefined) return openOpaque(sealed, AI_GATEWAY, "signature");
  return (
    anthropicState(objectOf(fields["anthropic"])) ??
    openaiState(objectOf(fields["openai"])) ??
    made("gemini", "signature", objectOf(fields["google"])?.["thoughtSignature"])
  );
}

function anthropicState(fields: JsonObject | undefined): Opaque | undefined {
  return (
    made("anthropic-messages", "signature", fields?.["signature"]) ??
    made("anthropic-messages", "redacted", fields?.["redactedData"])
  );
}

function openaiState(fields: JsonObject | undefined): Opaque | undefined {
  const state = made("openai-responses", "encrypted", fields?.["reasoningEncryptedContent"]);
  const id = textOf(fields?.["itemId"]);
  return state === undefined || id === undefined ? state : { ...state, id };
}

function made(maker: DialectName, kind: Opaque["kind"], value: JsonObject[string] | undefined): Opaque | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : { maker, kind, value: text };
}

/** `providerOptions.anthropic.cacheControl`, which the AI SDK has on messages, parts and tools. */
export function decodeCache(options: JsonObject | undefined): CacheMarker | undefined {
  const anthropic = objectOf(options?.["anthropic"]);
  const marker = objectOf(anthropic?.["cacheControl"] ?? anthropic?.["cache_control"]);
  if (marker === undefined || marker["type"] !== "ephemeral") return undefined;
  const ttl = marker["ttl"];
  return ttl === "5m" || ttl === "1h" ? { ttl } : {};
}

export function encodeCache(marker: CacheMarker): JsonObject {
  return { anthropic: { cacheControl: { type: "ephemeral", ...(marker.ttl !== undefined && { ttl: marker.ttl }) } } };
}

/** Both of them, side by side, also below one provider. */
export function mergedOptions(...all: (JsonObject | undefined)[]): JsonObject | undefined {
  const merged: JsonObject = {};
  for (const options of all) {
    for (const [name, value] of Object.entries(options ?? {})) {
      merged[name] = { ...objectOf(merged[name]), ...objectOf(value) };
    }
  }
  return Object.keys(merged).length === 0 ? undefined : merged;
}
