import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject, valueFrom } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { CHAT, objectOf, textOf } from "./wire.ts";

/** The string fields that hosts put readable reasoning in. */
export const REASONING_FIELDS = ["reasoning_content", "reasoning"] as const;

/** The id under which `reasoning_details` holds the sealed signature of the text (Gemini signs text too). */
export const TEXT_STATE_ID = "content";

/**
 * How a reasoning item rode on the wire, beside its readable text. It travels as the item's opaque state, so that it
 * comes back from clients of every dialect: hosts differ in the field that they want reasoning back in, and DeepSeek
 * and Moonshot refuse a tool result when it is missing, while Groq and Mistral refuse the field that they do not use.
 */
export interface ReasoningForm extends JsonObject {
  /** Which of `reasoning_content` and `reasoning` hold the text. */
  fields?: string[];
  /** The entry of `reasoning_details`, without its text (OpenRouter: type, signature, data, id, format, index). */
  detail?: JsonObject;
  /** The `thinking` content part, without its text (Mistral: closed, signature). */
  thinking?: JsonObject;
  /** What stood around it at the beginning of the content: `<think>` and `</think>`, with the white space at either. */
  tags?: string[];
}

/** The opaque state of an item of this form. */
export function sealForm(form: ReasoningForm): Opaque {
  const kind = form.detail?.["type"] === "reasoning.encrypted" ? "encrypted" : "signature";
  return { maker: CHAT, kind, value: JSON.stringify(form) };
}

/** The form in an item's opaque state, when this dialect made it. */
export function openForm(opaque: Opaque | undefined): ReasoningForm | undefined {
  return opaque === undefined || opaque.maker !== CHAT ? undefined : readForm(valueFrom(opaque.value));
}

/** Reads a form that may have been through foreign hands. */
export function readForm(value: Json | undefined): ReasoningForm | undefined {
  if (!isJsonObject(value)) return undefined;
  const form: ReasoningForm = {};
  const fields = Array.isArray(value["fields"])
    ? REASONING_FIELDS.filter((name) => isListed(value["fields"], name))
    : [];
  if (fields.length > 0) form.fields = fields;
  const detail = objectOf(value["detail"]);
  if (detail !== undefined) form.detail = detail;
  const thinking = objectOf(value["thinking"]);
  if (thinking !== undefined) form.thinking = thinking;
  const tags = readTags(value["tags"]);
  if (tags !== undefined) form.tags = tags;
  return form;
}

function readTags(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const tags = value.filter((tag) => typeof tag === "string");
  return tags.length === 2 ? tags : undefined;
}

function isListed(list: Json | undefined, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

/** Everything of a `reasoning_details` entry but its readable text. */
export function detailState(detail: JsonObject): JsonObject {
  const { text, summary, ...state } = detail;
  if (text !== undefined && textOf(text) === undefined) state["text"] = text;
  if (summary !== undefined && textOf(summary) === undefined) state["summary"] = summary;
  return state;
}

/** The readable text of a `reasoning_details` entry. */
export function detailText(detail: JsonObject): string {
  return textOf(detail["text"]) ?? textOf(detail["summary"]) ?? "";
}

/** The signature or encrypted data of a `reasoning_details` entry. */
export function detailSecret(detail: JsonObject): string | undefined {
  return textOf(detail["signature"]) ?? textOf(detail["data"]);
}

/** The text of a Mistral `thinking` part: a list of text parts, or a plain string. */
export function thinkingText(thinking: Json | undefined): string {
  if (typeof thinking === "string") return thinking;
  if (!Array.isArray(thinking)) return "";
  let text = "";
  for (const part of thinking) text += textOf(objectOf(part)?.["text"]) ?? "";
  return text;
}
