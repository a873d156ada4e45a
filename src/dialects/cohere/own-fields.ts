import type { Extensions } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { DIALECT, objectOf } from "./wire.ts";

/**
 * Keys within this dialect's extensions that describe the shape of the wire instead of naming a field of it.
 * `turn`: the item begins a new message although the one before is the assistant's too. `bare`: the content was a string,
 * not a list. `plan`: the text stood in `tool_plan`. `document`: the part is an entry of `documents`, whose value this is.
 * `message`: fields of the assistant's message that begins with the item.
 */
const SHAPE = {
  turn: "trunkline:turn",
  bare: "trunkline:bare",
  plan: "trunkline:plan",
  document: "trunkline:document",
  message: "trunkline:message",
} as const;
const SHAPE_KEYS: ReadonlySet<string> = new Set(Object.values(SHAPE));

type Mark = "turn" | "bare" | "plan";

/** The fields of `source` that `taken` does not name, as extensions; undefined when there are none. Safe for any key. */
export function leftover(source: JsonObject, taken: ReadonlySet<string>): Extensions | undefined {
  let rest: [string, Json | undefined][] | undefined;
  for (const key of Object.keys(source)) if (!taken.has(key)) (rest ??= []).push([key, source[key]]);
  return rest === undefined ? undefined : { [DIALECT]: Object.fromEntries(rest) };
}

/** This dialect's own fields without the marks of shape: ready to be spread into a wire object. */
export function wireFields(extensions: Extensions | undefined): JsonObject | undefined {
  const own = extensions?.[DIALECT];
  if (own === undefined || !Object.keys(own).some((key) => SHAPE_KEYS.has(key))) return own;
  return Object.fromEntries(Object.entries(own).filter(([key]) => !SHAPE_KEYS.has(key)));
}

/** True when a mark of shape stands in the extensions. */
export function hasShape(extensions: Extensions | undefined, mark: Mark): boolean {
  return extensions?.[DIALECT]?.[SHAPE[mark]] === true;
}

/** Sets a mark of shape on an item. */
export function markShape(item: { extensions?: Extensions }, mark: Mark): void {
  item.extensions = { ...item.extensions, [DIALECT]: { ...item.extensions?.[DIALECT], [SHAPE[mark]]: true } };
}

/** Extensions of a part that stands for an entry of `documents`. */
export function documentMark(entry: Json): Extensions {
  return { [DIALECT]: { [SHAPE.document]: entry } };
}

/** The entry of `documents` that a part stands for; undefined when it is none. */
export function markedDocument(extensions: Extensions | undefined): Json | undefined {
  return extensions?.[DIALECT]?.[SHAPE.document];
}

/** Keeps fields of the assistant's message that begins with the item. */
export function keepMessageFields(item: { extensions?: Extensions }, fields: JsonObject): void {
  item.extensions = { ...item.extensions, [DIALECT]: { ...item.extensions?.[DIALECT], [SHAPE.message]: fields } };
}

/** The fields of the assistant's message that begins with the item; none for another one. */
export function messageFields(extensions: Extensions | undefined): JsonObject {
  return objectOf(extensions?.[DIALECT]?.[SHAPE.message]);
}
