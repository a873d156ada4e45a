import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { detailsOf, openSealed } from "./decode-reasoning.ts";
import { REASONING_FIELDS, detailSecret, detailState, detailText, thinkingText } from "./reasoning-form.ts";
import type { ChoiceState, OpenReasoning, StreamState } from "./stream-state.ts";
import { openReasoning } from "./stream-state.ts";
import type { WireMessage } from "./wire.ts";
import { addFields, textOf } from "./wire.ts";

/**
 * Decodes the reasoning of one `delta`. Where `reasoning_details` holds readable text, the string fields repeat it; else
 * they are the reasoning.
 */
export function decodeReasoningDelta(
  state: StreamState,
  choice: ChoiceState,
  delta: WireMessage,
  out: StreamPart[],
): void {
  const content = textOf(delta.reasoning_content);
  const reasoning = textOf(delta.reasoning);
  const details = delta.reasoning_details === undefined ? undefined : detailsOf(delta.reasoning_details);
  if (content === undefined && reasoning === undefined && details === undefined) return;
  const fields = REASONING_FIELDS.filter((field) => textOf(delta[field]) !== undefined);
  const readable = details?.some((detail) => detailText(detail) !== "") === true;
  const text = content ?? reasoning;
  if (!readable && text !== undefined) addText(state, choice, text, fields, out);
  for (const detail of details ?? []) addDetail(state, choice, detail, readable ? fields : [], out);
}

function addText(state: StreamState, choice: ChoiceState, text: string, fields: string[], out: StreamPart[]): void {
  const { reasoning } = choice;
  const open = isPlain(reasoning) ? reasoning : openReasoning(state, choice, { fields }, out);
  out.push({ type: "reasoning_delta", index: open.index, channel: "text", part: 0, text });
}

/** Reasoning that came in string fields alone so far. */
function isPlain(reasoning: OpenReasoning | undefined): reasoning is OpenReasoning {
  return reasoning?.form.fields !== undefined && reasoning.form.detail === undefined && reasoning.opaque === undefined;
}

/** A gateway of this kind repeats, beside the state that it sealed, the text that its string field has said already. */
function takeSealed({ reasoning }: ChoiceState, detail: JsonObject): boolean {
  if (!isPlain(reasoning) || detailText(detail) === "") return false;
  reasoning.opaque = openSealed(detail);
  return reasoning.opaque !== undefined;
}

function addDetail(
  state: StreamState,
  choice: ChoiceState,
  detail: JsonObject,
  fields: string[],
  out: StreamPart[],
): void {
  if (takeSealed(choice, detail)) return;
  const text = detailText(detail);
  const open = continued(choice.reasoning, detail, text) ?? openDetail(state, choice, detail, fields, out);
  addState(open, detail);
  if (text === "") return;
  const channel = textOf(detail["text"]) === undefined ? "summary" : "text";
  out.push({ type: "reasoning_delta", index: open.index, channel, part: 0, text });
}

function openDetail(
  state: StreamState,
  choice: ChoiceState,
  detail: JsonObject,
  fields: string[],
  out: StreamPart[],
): OpenReasoning {
  const form = { detail: detailState(detail), ...(fields.length > 0 && { fields }) };
  return openReasoning(state, choice, form, out);
}

/** The open item, when this entry goes on with it: same type, index and id, and not yet closed by its signature. */
function continued(open: OpenReasoning | undefined, detail: JsonObject, text: string): OpenReasoning | undefined {
  const known = open?.form.detail;
  if (open === undefined || known === undefined) return undefined;
  if (known["type"] !== detail["type"] || known["index"] !== detail["index"]) return undefined;
  const id = textOf(detail["id"]);
  const knownId = textOf(known["id"]);
  if (id !== undefined && knownId !== undefined && id !== knownId) return undefined;
  return open.sealed && (text !== "" || textOf(detail["data"]) !== undefined) ? undefined : open;
}

/** Takes over what an entry says beside its text; a signature that came as "" is replaced by the real one. */
function addState(open: OpenReasoning, detail: JsonObject): void {
  const known = (open.form.detail ??= {});
  const { text: _text, summary: _summary, ...state } = detail;
  for (const key of ["signature", "data"]) {
    if (textOf(state[key]) === undefined) continue;
    delete known[key];
    known[key] = state[key];
  }
  addFields(known, state);
  open.sealed = detailSecret(known) !== undefined;
}

/** Decodes a piece of a Mistral `thinking` part. */
export function decodeThinkingDelta(
  state: StreamState,
  choice: ChoiceState,
  part: JsonObject,
  out: StreamPart[],
): void {
  const { thinking, ...rest } = part;
  const known = choice.reasoning?.form.thinking === undefined ? undefined : choice.reasoning;
  const open = known ?? openReasoning(state, choice, { thinking: rest }, out);
  Object.assign(open.form.thinking ?? {}, rest);
  const text = thinkingText(thinking);
  if (text !== "") out.push({ type: "reasoning_delta", index: open.index, channel: "text", part: 0, text });
}
