import type { Extensions } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { DIALECT } from "./wire.ts";

const NONE: JsonObject = Object.freeze({});

/**
 * The fields of a wire object that its decoder did not take into the canonical form: they go back as they came.
 * Undefined when there are none. Keys like `__proto__` stay plain keys.
 */
export function fieldsBeyond(wire: JsonObject, taken: { has(key: string): boolean }): JsonObject | undefined {
  let rest: [string, Json][] | undefined;
  for (const key in wire) {
    const value = wire[key];
    if (value !== undefined && !taken.has(key)) (rest ??= []).push([key, value]);
  }
  return rest === undefined ? undefined : Object.fromEntries(rest);
}

/** The extension fields of this dialect; an empty object when there are none. */
export function ownFields(carrier: { extensions?: Extensions }): JsonObject {
  return carrier.extensions?.[DIALECT] ?? NONE;
}

/** Puts extension fields of this dialect on a carrier, when there are any. */
export function keepFields(carrier: { extensions?: Extensions }, fields: JsonObject | undefined): void {
  if (fields !== undefined) carrier.extensions = { [DIALECT]: fields };
}

/** The fields without those keys, which must not reach the wire; the same object when it has none of them. */
export function without(fields: JsonObject, ...keys: string[]): JsonObject {
  if (!keys.some((key) => key in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}
