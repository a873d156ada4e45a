import type { CacheMarker } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

/**
 * Reads `cache_control` as OpenRouter, LiteLLM and Vercel clients send it: `{"type":"ephemeral","ttl":"1h"}`.
 * Nothing when it says more or something else: it then stays an unnamed field.
 */
export function decodeCacheMarker(value: Json | undefined): CacheMarker | undefined {
  if (!isJsonObject(value) || value["type"] !== "ephemeral") return undefined;
  const ttl = value["ttl"];
  const size = Object.keys(value).length;
  if (ttl === undefined) return size === 1 ? {} : undefined;
  return size === 2 && (ttl === "5m" || ttl === "1h") ? { ttl } : undefined;
}

/** The wire form of a cache marker. */
export function encodeCacheMarker(marker: CacheMarker): JsonObject {
  return marker.ttl === undefined ? { type: "ephemeral" } : { type: "ephemeral", ttl: marker.ttl };
}

/** OpenAI's own marker, `prompt_cache_breakpoint: {"mode":"explicit"}` (openai SDK 6.49, ChatCompletionContentPartText). */
export function isCacheBreakpoint(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && value["mode"] === "explicit";
}
