import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

/** The name of this dialect: key of its extensions, maker of its opaque values. */
export const DIALECT = "anthropic-messages";

/** A content block, on either side. The vendor adds types often, so only `type` is sure. */
export type WireBlock = JsonObject;

/** A conversation turn in a request body. */
export interface WireMessage extends JsonObject {
  role: "user" | "assistant" | "system";
  content: string | WireBlock[];
}

/** The text, or "" for anything else: providers send null and worse. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export { objectOf } from "../../canonical/json.ts";

/** The objects in a list; anything else is left out. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A block index as the wire gives it; 0 when it is missing, as it is at servers that only ever send one block. */
export function indexOf(value: Json | undefined): number {
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}
