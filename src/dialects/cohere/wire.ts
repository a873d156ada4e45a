import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

/** The name of this dialect: key of its extensions. */
export const DIALECT = "cohere";

/** Below `https://api.cohere.com/v2`. */
export const CHAT_PATH = "/chat";

/** The text, or "" for anything else: providers send null and worse. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The object, or an empty one for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The objects in a list; anything else is left out. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** An index as the wire gives it; 0 when it is missing. */
export function indexOf(value: Json | undefined): number {
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}
