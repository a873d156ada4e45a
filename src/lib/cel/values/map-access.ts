import { CelUint, toInt, type Int } from "./integer.ts";
import { CelMap, type CelMapKey, type MapKey } from "./map.ts";
import { timestampOfDate } from "./timestamp.ts";
import type { CelValue } from "./value.ts";

/** A value of the host's as CEL sees it; undefined for what CEL has no word for. */
export function hostValue(value: unknown): CelValue | undefined {
  if (typeof value === "object" && value instanceof Date) return timestampOfDate(value);
  return typeof value === "function" || typeof value === "symbol" ? undefined : (value as CelValue | undefined);
}

/**
 * The value under a key, undefined when there is none. Of a plain object only its own fields count, so that
 * `constructor` and `__proto__` are keys like any other; an object without a prototype (a proxy too) is asked as it is.
 */
export function lookUp(map: object, key: MapKey): CelValue | undefined {
  if (map instanceof CelMap) return map.get(key);
  if (map instanceof Map) return hostValue(map.get(key));
  if (typeof key !== "string") return undefined;
  const value = (map as Record<string, unknown>)[key];
  if (value === undefined || !(Object.hasOwn(map, key) || Object.getPrototypeOf(map) === null)) return undefined;
  return hostValue(value);
}

/** A value as a key to look up; undefined when no map can hold it. */
export function keyOf(value: unknown): MapKey | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isInteger(value) ? numberKey(value) : undefined;
    case "bigint":
      return toInt(value);
    default:
      return value instanceof CelUint ? toInt(value.value) : undefined;
  }
}

function numberKey(value: number): Int {
  return Number.isSafeInteger(value) ? value + 0 : toInt(BigInt(value));
}

export function mapSize(map: object): number {
  if (map instanceof CelMap || map instanceof Map) return map.size;
  return Object.keys(map).length;
}

/** The keys as values. */
export function mapKeys(map: object): CelMapKey[] {
  if (map instanceof CelMap) return [...map.keys()];
  if (map instanceof Map) return [...map.keys()].map(hostKey);
  return Object.keys(map);
}

function hostKey(key: unknown): CelMapKey {
  return typeof key === "number" ? BigInt(Math.trunc(key)) : (key as CelMapKey);
}
