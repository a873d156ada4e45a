import type { JsonObject } from "../../canonical/json.ts";
import type { DialectName } from "../../canonical/names.ts";

export { numberIn as numberOf, objectIn as objectOf, objectsOf, textIn as textOf } from "../../canonical/json.ts";

export const AI_GATEWAY = "ai-gateway";
export const CHAT_PATH = "/language-model";

/** Versions of the specification that a client may speak; later ones are read as the last. */
export type Version = 2 | 3 | 4;
/** What providers are spoken to in. */
export const OWN_VERSION: Version = 3;

/** The version that a header names; the wire's own where it names none. */
export function versionOf(text: string | number | undefined): Version {
  const number = Number(text);
  return number === 2 || number === 3 ? number : number >= 4 ? 4 : OWN_VERSION;
}

/** Whose state stands in the options of the provider that made it. */
export const MAKERS: readonly DialectName[] = ["anthropic-messages", "gemini", "openai-responses"];

/** The fields of an object but for those; undefined when none is left. */
export function fieldsBeside(value: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
  const rest = Object.entries(value).filter(([key]) => !taken.has(key) && key !== "__proto__");
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}
