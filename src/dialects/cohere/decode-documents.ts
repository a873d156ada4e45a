import type { FilePart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { documentMark } from "./own-fields.ts";
import { refuse } from "./refuse.ts";
import { objectOf, textOf } from "./wire.ts";

/**
 * Puts the documents of a request (vendor SDK: `V2ChatRequestDocumentsItem`) in front of the last user message, as files of
 * text to be cited: what other dialects have. False, and nothing done, when there is none of them, or no such message.
 */
export function decodeDocuments(value: Json, items: readonly Item[]): boolean {
  if (!Array.isArray(value)) refuse("documents", "must be a list of documents");
  const message = items.findLast((item): item is MessageItem => item.type === "message" && item.role === "user");
  if (value.length === 0 || message === undefined) return false;
  message.content.unshift(...value.map(decodeDocument));
  return true;
}

function decodeDocument(entry: Json, at: number): FilePart {
  if (typeof entry !== "string" && !isJsonObject(entry)) refuse(`documents[${at}]`, "must be a text or an object");
  return { ...fileOf(entry), citations: true, extensions: documentMark(entry) };
}

/** A document as a file of text. */
export function fileOf(entry: string | JsonObject): FilePart {
  if (typeof entry === "string") return textFile(entry);
  const { data, id } = entry;
  if (typeof data === "string") return textFile(data, textOf(id));
  const { title, ...fields } = objectOf(data);
  if (typeof title === "string") return textFile(textOfFields(fields), title);
  return textFile(textOfFields(objectOf(data)), textOf(id));
}

function textFile(text: string, title = ""): FilePart {
  return { type: "file", source: { type: "text", text }, mediaType: "text/plain", ...(title !== "" && { title }) };
}

/** The values alone when there is one text only, else one line a field: the vendor shows the model keys and values, too. */
function textOfFields(fields: JsonObject): string {
  const entries = Object.entries(fields);
  const [only] = entries;
  if (entries.length === 1 && typeof only?.[1] === "string") return only[1];
  return entries
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}
