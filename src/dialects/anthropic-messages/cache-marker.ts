import type { CacheMarker } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import type { WireBlock } from "./wire.ts";

/** Breakpoints that one request may have (platform.claude.com, "Prompt caching"). */
const MAX_BREAKPOINTS = 4;

/**
 * The marker of a `cache_control` field; undefined when it is absent or holds more than a marker says, in which case it
 * stays with the unnamed fields.
 */
export function decodeCache(value: Json | undefined): CacheMarker | undefined {
  if (!isJsonObject(value) || value["type"] !== "ephemeral") return undefined;
  const ttl = value["ttl"];
  if (Object.keys(value).length > (ttl === undefined ? 1 : 2)) return undefined;
  if (ttl === undefined) return {};
  return ttl === "5m" || ttl === "1h" ? { ttl } : undefined;
}

/** `cache_control` of a marker. */
export function encodeCache(marker: CacheMarker): JsonObject {
  return { type: "ephemeral", ...(marker.ttl !== undefined && { ttl: marker.ttl }) };
}

/**
 * Leaves the last breakpoints that the API accepts and takes the others out, with a warning. `blocks` are all encoded
 * blocks and tools that carry `cache_control`, in prompt order; `hasAutomatic` says that the request has one of its own,
 * which takes a slot.
 */
export function limitBreakpoints(blocks: WireBlock[], hasAutomatic: boolean, warnings: Warning[]): void {
  const allowed = hasAutomatic ? MAX_BREAKPOINTS - 1 : MAX_BREAKPOINTS;
  const surplus = blocks.length - allowed;
  if (surplus <= 0) return;
  for (const block of blocks.slice(0, surplus)) delete block["cache_control"];
  addWarning(warnings, {
    code: "changed_field",
    field: "cache_control",
    message: `a request may have ${MAX_BREAKPOINTS} cache breakpoints: the first ${surplus} of ${blocks.length} were left out`,
  });
}
