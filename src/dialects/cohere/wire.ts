import type { Json } from "../../canonical/json.ts";

export { objectOf, objectsOf, textOf } from "../../canonical/json.ts";

/** The name of this dialect: key of its extensions. */
export const DIALECT = "cohere";

/** Below `https://api.cohere.com/v2`. */
export const CHAT_PATH = "/chat";

/** An index as the wire gives it; 0 when it is missing. */
export function indexOf(value: Json | undefined): number {
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}
