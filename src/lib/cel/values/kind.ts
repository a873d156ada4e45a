import { CelDuration } from "./duration.ts";
import { CelUint } from "./integer.ts";
import { CelOptional } from "./optional.ts";
import { CelTimestamp } from "./timestamp.ts";
import { CelTypeValue, TYPE_VALUES, type ValueKind } from "./type-value.ts";

/** The kind of a value; every object that is nothing else is a map. */
export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "double";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    default:
      return value === null || value === undefined ? "null" : kindOfObject(value);
  }
}

function kindOfObject(value: {}): ValueKind {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "map";
  if (Array.isArray(value)) return "list";
  if (value instanceof CelUint) return "uint";
  if (value instanceof CelTimestamp) return "timestamp";
  if (value instanceof CelDuration) return "duration";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CelTypeValue) return "type";
  if (value instanceof CelOptional) return "optional";
  return "map";
}

/** The type of a value as expressions name it. */
export function typeNameOf(value: unknown): string {
  return TYPE_VALUES[kindOf(value)].name;
}
