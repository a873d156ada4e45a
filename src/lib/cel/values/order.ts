import { CelDuration } from "./duration.ts";
import { CelUint } from "./integer.ts";
import { textSteps, type Meter } from "./meter.ts";
import { CelTimestamp } from "./timestamp.ts";

/** Which comes first: below 0, 0 or above 0; NaN when neither does; undefined when the values do not compare. */
export function compareValues(left: unknown, right: unknown, meter: Meter): number | undefined {
  const one = left instanceof CelUint ? left.value : left;
  const other = right instanceof CelUint ? right.value : right;
  if (isNumber(one)) return isNumber(other) ? compareNumbers(one, other) : undefined;
  if (typeof one === "string") return typeof other === "string" ? compareStrings(one, other, meter) : undefined;
  if (typeof one === "boolean") return typeof other === "boolean" ? Number(one) - Number(other) : undefined;
  return compareObjects(one, other, meter);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Orders numbers of any types. An integer meets a double as a double, which rounds it beyond 2^53. */
export function compareNumbers(left: number | bigint, right: number | bigint): number {
  const one = typeof right === "number" ? Number(left) : left;
  const other = typeof left === "number" ? Number(right) : right;
  if (one < other) return -1;
  if (one > other) return 1;
  return one === other ? 0 : Number.NaN;
}

function compareObjects(left: unknown, right: unknown, meter: Meter): number | undefined {
  if (left instanceof CelTimestamp) return right instanceof CelTimestamp ? compareTimes(left, right) : undefined;
  if (left instanceof CelDuration) return right instanceof CelDuration ? compareTimes(left, right) : undefined;
  if (left instanceof Uint8Array) return right instanceof Uint8Array ? compareBytes(left, right, meter) : undefined;
  return undefined;
}

/** Orders by code points: UTF-16 would put emoji before U+FFFD. */
export function compareStrings(left: string, right: string, meter: Meter): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  meter.spend(textSteps(length));
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return codePointRank(one) - codePointRank(other);
  }
  return left.length - right.length;
}

/** Surrogates stand for what comes after all other units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function compareTimes(left: CelTimestamp | CelDuration, right: CelTimestamp | CelDuration): number {
  return left.seconds - right.seconds || left.nanos - right.nanos;
}

export function compareBytes(left: Uint8Array, right: Uint8Array, meter: Meter): number {
  const length = Math.min(left.length, right.length);
  meter.spend(textSteps(length));
  for (let at = 0; at < length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
