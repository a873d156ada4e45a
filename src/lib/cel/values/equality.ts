import { CelUint } from "./integer.ts";
import { kindOf } from "./kind.ts";
import { keyOf, lookUp, mapKeys, mapSize } from "./map-access.ts";
import { MAX_VALUE_DEPTH, textSteps, type Meter } from "./meter.ts";
import type { CelOptional } from "./optional.ts";
import { compareNumbers, compareTimes } from "./order.ts";
import type { CelTimestamp } from "./timestamp.ts";
import type { ValueKind } from "./type-value.ts";

/** Equality over all types: numbers by value whatever their type, NaN never, other types only with their own. */
export function equalValues(left: unknown, right: unknown, meter: Meter, depth = 0): boolean {
  switch (typeof left) {
    case "string":
      meter.spend(textSteps(left.length) - 1);
      return left === right;
    case "boolean":
      return left === right;
    case "number":
    case "bigint":
      return equalsNumber(left, right);
    default:
      if (left === null || left === undefined) return right === null || right === undefined;
      return left instanceof CelUint ? equalsNumber(left.value, right) : equalObjects(left, right, meter, depth);
  }
}

function equalsNumber(left: number | bigint, right: unknown): boolean {
  const other = right instanceof CelUint ? right.value : right;
  if (typeof other !== "number" && typeof other !== "bigint") return false;
  return typeof left === typeof other ? left === other : compareNumbers(left, other) === 0;
}

type Equality = (left: never, right: never, meter: Meter, depth: number) => boolean;

const BY_KIND: Partial<Record<ValueKind, Equality>> = {
  list: equalLists,
  map: equalMaps,
  bytes: equalBytes,
  timestamp: (left: CelTimestamp, right: CelTimestamp) => compareTimes(left, right) === 0,
  duration: (left: CelTimestamp, right: CelTimestamp) => compareTimes(left, right) === 0,
  type: (left: unknown, right: unknown) => left === right,
  optional: equalOptionals,
};

function equalObjects(left: object, right: unknown, meter: Meter, depth: number): boolean {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return false;
  meter.spend(depth > MAX_VALUE_DEPTH ? Number.POSITIVE_INFINITY : 1);
  return BY_KIND[kind]?.(left as never, right as never, meter, depth + 1) ?? false;
}

function equalLists(left: readonly unknown[], right: readonly unknown[], meter: Meter, depth: number): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) {
    meter.spend(1);
    if (!equalValues(left[at], right[at], meter, depth)) return false;
  }
  return true;
}

function equalMaps(left: object, right: object, meter: Meter, depth: number): boolean {
  meter.spend(mapSize(left));
  if (mapSize(left) !== mapSize(right)) return false;
  for (const key of mapKeys(left)) {
    const lookup = keyOf(key) ?? "";
    const other = lookUp(right, lookup);
    if (other === undefined || !equalValues(lookUp(left, lookup), other, meter, depth)) return false;
  }
  return true;
}

function equalBytes(left: Uint8Array, right: Uint8Array, meter: Meter): boolean {
  if (left.length !== right.length) return false;
  meter.spend(textSteps(left.length));
  return left.every((byte, at) => byte === right[at]);
}

function equalOptionals(left: CelOptional, right: CelOptional, meter: Meter, depth: number): boolean {
  if (left.value === undefined || right.value === undefined) return left.value === right.value;
  return equalValues(left.value, right.value, meter, depth);
}
