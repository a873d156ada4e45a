import type { CacheMarker } from "../../canonical/content.ts";
import { isJsonObject, type Json } from "../../canonical/json.ts";
import type { WireBlock } from "./wire.ts";

/**
 * The marker of a `cachePoint` block, which stands behind what it marks; undefined for every other block, and for one that
 * says more than a marker can (AWS SDK: `CachePointBlock`).
 */
export function decodeCachePoint(block: WireBlock): CacheMarker | undefined {
  const point: Json | undefined = block["cachePoint"];
  if (!isJsonObject(point) || Object.keys(block).length > 1 || point["type"] !== "default") return undefined;
  const { ttl } = point;
  if (Object.keys(point).length > (ttl === undefined ? 1 : 2)) return undefined;
  if (ttl === undefined) return {};
  return ttl === "5m" || ttl === "1h" ? { ttl } : undefined;
}

/** The `cachePoint` block of a marker. */
export function encodeCachePoint({ ttl }: CacheMarker): WireBlock {
  return { cachePoint: { type: "default", ...(ttl !== undefined && { ttl }) } };
}
