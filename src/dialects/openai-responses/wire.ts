import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatDialect } from "../../canonical/names.ts";

/**
 * The OpenAI Responses wire format (`POST /responses`), as the vendor's API reference and the typings of its official
 * SDK describe it. Only what this folder reads is named here; every field may be missing, null or of a wrong type.
 */
export const DIALECT: ChatDialect = "openai-responses";

/** Path below a provider's base URL. */
export const RESPONSES_PATH = "/responses";

/**
 * Key in an item's own extension fields that says how the sender wrote it, so that it goes back the same way:
 * `instructions` and `input`: the item was that whole field, a string; `string`: its content was a string;
 * `parts`: its output was a list.
 */
export const FORM = "$form";
/** Key in the own fields of what came as an object of another type: that object, so that it goes back as it was. */
export const WHOLE = "$whole";

/** Key in the own fields of a tool that a search has found: it is not among the tools of the request. */
export const FOUND = "$found";

export type Form = "instructions" | "input" | "string" | "parts";

/** The fields of an event of a stream that decoding reads. */
export interface WireEvent {
  type?: Json;
  response?: Json;
  item?: Json;
  item_id?: Json;
  output_index?: Json;
  content_index?: Json;
  summary_index?: Json;
  annotation?: Json;
  delta?: Json;
  text?: Json;
  refusal?: Json;
  arguments?: Json;
  input?: Json;
  name?: Json;
  part?: Json;
  logprobs?: Json;
  error?: Json;
}

/** Fields of a `Response` object with a name in the canonical form; all others are extension fields. */
export const RESPONSE_FIELDS: ReadonlySet<string> = new Set([
  "id",
  "object",
  "created_at",
  "model",
  "status",
  "output",
  "usage",
  "error",
  "incomplete_details",
  "service_tier",
]);

/** An item or a part as a list holds it: anything. */
export type WireList = readonly Json[];

/** The list, or an empty one. */
export function listOf(value: Json | undefined): WireList {
  return Array.isArray(value) ? value : [];
}

/** The string, when it is one. */
export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** True for an object without fields. */
export function isEmpty(value: JsonObject): boolean {
  for (const _ in value) return false;
  return true;
}
