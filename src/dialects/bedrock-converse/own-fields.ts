import type { Extensions } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { DIALECT } from "./wire.ts";

/**
 * Keys within this dialect's extensions that describe the shape of the wire instead of naming a field of it. `turn`: the
 * item begins a new turn although the one before has the same role. `inline`: a system message that stands among the turns.
 */
export const SHAPE = { turn: "trunkline:turn", inline: "trunkline:inline" } as const;
const SHAPE_KEYS: ReadonlySet<string> = new Set(Object.values(SHAPE));

/** The fields of `source` that `taken` does not name; undefined when there are none. Safe for any key. */
export function leftover(source: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
  let rest: [string, Json | undefined][] | undefined;
  for (const key of Object.keys(source)) if (!taken.has(key)) (rest ??= []).push([key, source[key]]);
  return rest === undefined ? undefined : Object.fromEntries(rest);
}

/**
 * What canonical cannot name of a block: the fields beside its member, and those within it under the member's name;
 * undefined when there are none.
 */
export function blockExtensions(
  block: JsonObject,
  member: string,
  within: JsonObject | undefined,
): Extensions | undefined {
  const beside = leftover(block, new Set([member]));
  if (beside === undefined && within === undefined) return undefined;
  return { [DIALECT]: { ...beside, ...(within !== undefined && { [member]: within }) } };
}

/** This dialect's own fields, as decoded. */
export function ownFields(extensions: Extensions | undefined): JsonObject | undefined {
  return extensions?.[DIALECT];
}

/** This dialect's own fields without the marks of shape: ready to be spread into a wire object. */
export function wireFields(extensions: Extensions | undefined): JsonObject | undefined {
  const own = extensions?.[DIALECT];
  return own === undefined ? undefined : leftover(own, SHAPE_KEYS);
}

/** True when a mark of shape stands in the extensions. */
export function hasShape(extensions: Extensions | undefined, mark: keyof typeof SHAPE): boolean {
  return extensions?.[DIALECT]?.[SHAPE[mark]] === true;
}

/** Sets a mark of shape on an item. */
export function markShape(item: { extensions?: Extensions }, mark: keyof typeof SHAPE): void {
  item.extensions = { ...item.extensions, [DIALECT]: { ...item.extensions?.[DIALECT], [SHAPE[mark]]: true } };
}
