import type { Json, JsonObject } from "../../canonical/json.ts";

export { objectOf, objectsOf, textOf } from "../../canonical/json.ts";

/** The name of this dialect: key of its extensions, maker of its opaque values. */
export const DIALECT = "anthropic-messages";

/** A content block, on either side. The vendor adds types often, so only `type` is sure. */
export type WireBlock = JsonObject;

/** A conversation turn in a request body. */
export interface WireMessage extends JsonObject {
  role: "user" | "assistant" | "system";
  content: string | WireBlock[];
}

/** A block index as the wire gives it; 0 when it is missing, as it is at servers that only ever send one block. */
export function indexOf(value: Json | undefined): number {
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}
