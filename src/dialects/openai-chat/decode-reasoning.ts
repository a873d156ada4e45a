import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { openOpaque, type Opaque } from "../../canonical/opaque.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import type { ReasoningForm } from "./reasoning-form.ts";
import { REASONING_FIELDS, detailSecret, detailState, detailText, sealForm, thinkingText } from "./reasoning-form.ts";
import { CHAT, textOf } from "./wire.ts";
import type { WireMessage } from "./wire.ts";

/** A reasoning item of one entry of `reasoning_details`, or of a sealed state that this gateway handed out. */
function decodeDetail(detail: JsonObject, fields: string[]): ReasoningItem {
  const item: ReasoningItem = { type: "reasoning", summary: [], text: textOf(detail["text"]) ?? "" };
  const summary = textOf(detail["summary"]);
  if (summary !== undefined) item.summary.push(summary);
  const opened = openSealed(detail);
  if (opened !== undefined) {
    item.opaque = opened;
    const id = textOf(detail["id"]);
    if (id !== undefined) item.id = id;
    return item;
  }
  const form: ReasoningForm = { detail: detailState(detail) };
  if (fields.length > 0 && detailText(detail) !== "") form.fields = fields;
  item.opaque = sealForm(form);
  return item;
}

/** A reasoning item of a Mistral `thinking` content part. */
export function decodeThinking(part: JsonObject): ReasoningItem {
  const { thinking, ...state } = part;
  return { type: "reasoning", summary: [], text: thinkingText(thinking), opaque: sealForm({ thinking: state }) };
}

/** The entries of `reasoning_details`; nothing when the field is empty or holds anything but objects. */
export function detailsOf(value: Json | undefined): JsonObject[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const details = value.filter(isJsonObject);
  return details.length === value.length ? details : undefined;
}

/**
 * The reasoning items of a message. OpenRouter and Vercel repeat the text of `reasoning_details` in a string field: the
 * item is then one, and remembers both places. Text that only a string field has becomes an item of its own.
 * Beside states that this gateway sealed the string field is its own too: a copy of their text, of which OpenAI's stream
 * helper keeps the last piece only, or else readable thoughts of the same maker.
 */
export function decodeReasoning(message: WireMessage): ReasoningItem[] {
  const details = detailsOf(message.reasoning_details);
  const readable = details === undefined ? "" : details.map(detailText).join("");
  if (details?.some((detail) => openSealed(detail) !== undefined))
    return [...ownReadable(message, readable), ...details.map((detail) => decodeDetail(detail, []))];
  const items: ReasoningItem[] = [];
  const repeated: string[] = [];
  for (const field of REASONING_FIELDS) {
    const text = textOf(message[field]);
    if (text === undefined) continue;
    if (text === readable) repeated.push(field);
    else addText(items, text, field);
  }
  for (const detail of details ?? []) items.push(decodeDetail(detail, repeated));
  return items;
}

/** The state of another maker that an entry holds, sealed; undefined for every other entry. */
export function openSealed(detail: JsonObject): Opaque | undefined {
  const secret = detailSecret(detail);
  const opened = secret === undefined ? undefined : openOpaque(secret, CHAT, "signature");
  return opened?.maker === CHAT ? undefined : opened;
}

function ownReadable(message: WireMessage, readable: string): ReasoningItem[] {
  const text = REASONING_FIELDS.map((field) => textOf(message[field])).find((each) => each !== undefined);
  return readable !== "" || text === undefined ? [] : [{ type: "reasoning", summary: [], text }];
}

/** Adds a string field's item, or its name to the item that already has the same text. */
function addText(items: ReasoningItem[], text: string, field: string): void {
  const same = items[0];
  if (same?.text === text) same.opaque = sealForm({ fields: [...REASONING_FIELDS] });
  else items.push({ type: "reasoning", summary: [], text, opaque: sealForm({ fields: [field] }) });
}
