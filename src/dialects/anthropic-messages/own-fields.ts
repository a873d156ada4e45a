import type { Extensions } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { DIALECT } from "./wire.ts";

/**
 * Keys within this dialect's extensions that describe the shape of the wire instead of naming a field of it.
 * `turn`: the item begins a new turn although the one before has the same role. `bare`: the content was a string, not a
 * list of blocks. `inline`: a system message that stands among the messages. `nested`: the image stands within the
 * document before it.
 */
export const SHAPE = {
  turn: "trunkline:turn",
  bare: "trunkline:bare",
  inline: "trunkline:inline",
  nested: "trunkline:nested",
} as const;
const SHAPE_KEYS: ReadonlySet<string> = new Set(Object.values(SHAPE));

/** The fields of `source` that `taken` does not name, as extensions; undefined when there are none. Safe for any key. */
export function leftover(source: JsonObject, taken: ReadonlySet<string>): Extensions | undefined {
  let rest: [string, Json | undefined][] | undefined;
  for (const key of Object.keys(source)) {
    if (!taken.has(key)) (rest ??= []).push([key, source[key]]);
  }
  return rest === undefined ? undefined : { [DIALECT]: Object.fromEntries(rest) };
}

/** This dialect's own fields, as decoded: with the marks of shape. */
export function ownFields(extensions: Extensions | undefined): JsonObject | undefined {
  return extensions?.[DIALECT];
}

/** This dialect's own fields without the marks of shape: ready to be spread into a wire object. */
export function wireFields(extensions: Extensions | undefined): JsonObject | undefined {
  const own = extensions?.[DIALECT];
  if (own === undefined || !Object.keys(own).some((key) => SHAPE_KEYS.has(key))) return own;
  return Object.fromEntries(Object.entries(own).filter(([key]) => !SHAPE_KEYS.has(key)));
}

/** True when a mark of shape stands in the extensions. */
export function hasShape(extensions: Extensions | undefined, mark: keyof typeof SHAPE): boolean {
  return extensions?.[DIALECT]?.[SHAPE[mark]] === true;
}

/** Sets a mark of shape on an item. */
export function markShape(item: { extensions?: Extensions }, mark: keyof typeof SHAPE): void {
  item.extensions = { ...item.extensions, [DIALECT]: { ...item.extensions?.[DIALECT], [SHAPE[mark]]: true } };
}
