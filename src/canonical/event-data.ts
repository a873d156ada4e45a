import type { Frame } from "./dialect.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** The JSON object that is an event's data; null for what is none, such as `[DONE]`. */
export function eventData({ data }: Frame): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(data);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
