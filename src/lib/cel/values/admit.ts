import type { CelType } from "../types.ts";
import { CelDuration } from "./duration.ts";
import { CelUint, fitsInt, fitsUint, toInt, type Int } from "./integer.ts";
import { kindOf } from "./kind.ts";
import { CelMap, type CelMapKey } from "./map.ts";
import { hostValue, keyOf } from "./map-access.ts";
import type { Meter } from "./meter.ts";
import { CelOptional } from "./optional.ts";
import { CelTimestamp, timestampOfDate } from "./timestamp.ts";
import { CelTypeValue } from "./type-value.ts";
import type { CelValue } from "./value.ts";

/** Takes a value as one of a known type: integers in the form of `Int`, all others as they are. Undefined: of another type. */
export type Admit = (value: unknown, meter: Meter) => unknown;

/** Admits a `CelValue` to a type. */
export function admitValue(type: CelType): Admit {
  return ADMIT_VALUE[type.kind];
}

/** Admits what the host gives for a variable, a field or a function's result. */
export function admitHost(type: CelType): Admit {
  switch (type.kind) {
    case "int":
      return hostInt;
    case "uint":
      return hostUint;
    case "double":
      return (value) => (typeof value === "bigint" ? Number(value) : ADMIT_VALUE.double(value, FREE));
    case "timestamp":
      return (value) => (value instanceof Date ? timestampOfDate(value) : ADMIT_VALUE.timestamp(value, FREE));
    case "list":
      return isPlain(type.element) ? ADMIT_VALUE.list : hostList(type.element);
    case "map":
      return isPlain(type.key) && isPlain(type.value) ? ADMIT_VALUE.map : hostMap(type.key, type.value);
    case "object":
      return (value) => (value === undefined ? null : ADMIT_VALUE.object(value, FREE));
    default:
      return ADMIT_VALUE[type.kind];
  }
}

/** A value of a known type as a `CelValue`. */
export function toValue(type: CelType): ((value: unknown) => CelValue) | undefined {
  if (type.kind === "int") return (value) => BigInt(value as Int);
  if (type.kind === "uint") return (value) => new CelUint(BigInt(value as Int));
  return undefined;
}

const FREE: Meter = { spend: () => undefined };

const ADMIT_VALUE: Readonly<Record<CelType["kind"], Admit>> = {
  bool: (value) => (typeof value === "boolean" ? value : undefined),
  int: (value) => (typeof value === "bigint" ? toInt(value) : undefined),
  uint: (value) => (value instanceof CelUint ? toInt(value.value) : undefined),
  double: (value) => (typeof value === "number" ? value : undefined),
  string: (value) => (typeof value === "string" ? value : undefined),
  null: (value) => (value === null ? null : undefined),
  bytes: (value) => (value instanceof Uint8Array ? value : undefined),
  timestamp: (value) => (value instanceof CelTimestamp ? value : undefined),
  duration: (value) => (value instanceof CelDuration ? value : undefined),
  type: (value) => (value instanceof CelTypeValue ? value : undefined),
  optional: (value) => (value instanceof CelOptional ? value : undefined),
  list: (value) => (Array.isArray(value) ? value : undefined),
  map: (value) => (value !== null && typeof value === "object" && kindOf(value) === "map" ? value : undefined),
  object: (value) => (value === null || (typeof value === "object" && kindOf(value) === "map") ? value : undefined),
  dyn: hostValue,
  parameter: hostValue,
};

function hostInt(value: unknown): Int | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value + 0 : undefined;
  return typeof value === "bigint" && fitsInt(value) ? toInt(value) : undefined;
}

function hostUint(value: unknown): Int | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value + 0 : undefined;
  const big = value instanceof CelUint ? value.value : value;
  return typeof big === "bigint" && fitsUint(big) ? toInt(big) : undefined;
}

/** True for types whose values the host gives in the form that lists and maps hold them in. */
function isPlain(type: CelType): boolean {
  switch (type.kind) {
    case "int":
    case "uint":
    case "timestamp":
      return false;
    case "list":
      return isPlain(type.element);
    case "map":
      return isPlain(type.key) && isPlain(type.value);
    default:
      return true;
  }
}

function hostList(element: CelType): Admit {
  const admit = asValue(element);
  return (value, meter) => {
    if (!Array.isArray(value)) return undefined;
    meter.spend(value.length);
    const list = value.map((each: unknown) => admit(each, meter));
    return list.includes(undefined) ? undefined : list;
  };
}

function hostMap(key: CelType, value: CelType): Admit {
  const admitKey = asValue(key.kind === "string" ? key : { kind: key.kind === "uint" ? "uint" : "int" });
  const admit = asValue(value);
  return (host, meter) => {
    if (host instanceof CelMap) return host;
    if (host === null || typeof host !== "object" || kindOf(host) !== "map") return undefined;
    const entries: [unknown, unknown][] = host instanceof Map ? [...host] : Object.entries(host);
    meter.spend(entries.length);
    const map = new CelMap();
    for (const [hostKey, hostEntry] of entries) {
      const admittedKey = typeof hostKey === "boolean" ? hostKey : admitKey(hostKey, meter);
      const admitted = admit(hostEntry, meter);
      const lookup = keyOf(admittedKey);
      if (lookup === undefined || admitted === undefined) return undefined;
      map.add(lookup, admittedKey as CelMapKey, admitted as CelValue);
    }
    return map;
  };
}

function asValue(type: CelType): Admit {
  const admit = admitHost(type);
  const box = toValue(type);
  if (box === undefined) return admit;
  return (value, meter) => {
    const admitted = admit(value, meter);
    return admitted === undefined ? undefined : box(admitted);
  };
}
