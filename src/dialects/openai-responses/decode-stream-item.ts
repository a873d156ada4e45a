import type { Citation, Extensions, Part } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import type { AnswerItem } from "./decode-output-item.ts";
import { ownFields, without } from "./own-fields.ts";
import { missingText, placeOf, spokenAt } from "./stream-input.ts";
import type { InputEntry, Out, SpokenText } from "./stream-input.ts";
import { DIALECT, isEmpty, listOf } from "./wire.ts";

/** Emits `item_start` of a message or reasoning item, or of a call whose name is known. */
export function startEntry(entry: InputEntry, item: AnswerItem, out: Out): void {
  if (entry.started || item.type === "opaque") return;
  if (item.type === "tool_call" && item.name === "") return;
  entry.started = true;
  const extensions = startExtensions(item);
  out.push({
    type: "item_start",
    index: entry.index,
    candidate: 0,
    kind: item.type,
    ...(item.id !== undefined && { id: item.id }),
    ...(item.type === "tool_call" && { callId: item.callId, name: item.name, toolKind: item.kind }),
    ...(extensions !== undefined && { extensions }),
  });
  if (entry.held !== "") sayArguments(entry, entry.held, out);
  entry.held = "";
}

/** The empty content that reasoning begins with would contradict the text to come. */
function startExtensions(item: Exclude<AnswerItem, { type: "opaque" }>): Extensions | undefined {
  const fields = ownFields(item);
  if (item.type !== "reasoning" || !("content" in fields)) return item.extensions;
  const rest = without(fields, "content");
  return isEmpty(rest) ? undefined : { [DIALECT]: rest };
}

/** Emits text of a call's arguments, or holds it until the call can start. */
export function sayArguments(entry: InputEntry, text: string, out: Out): void {
  if (text === "") return;
  if (!entry.started) {
    entry.held += text;
    return;
  }
  entry.arguments += text;
  out.push({ type: "tool_delta", index: entry.index, text });
}

/** Emits text of a message's part. */
export function sayText(
  entry: InputEntry,
  place: Json | undefined,
  text: string,
  tokens: Json | undefined,
  out: Out,
): void {
  const spoken = spokenAt(entry.content, placeOf(place));
  const logprobs = listOf(tokens).length > 0 ? { content: [...listOf(tokens)] } : undefined;
  if (text === "" && logprobs === undefined) return;
  spoken.text += text;
  if (logprobs === undefined) {
    out.push({ type: "text_delta", index: entry.index, part: spoken.number, text });
    return;
  }
  spoken.logprobs = true;
  out.push({ type: "text_delta", index: entry.index, part: spoken.number, text, logprobs });
}

/** Emits a refusal. */
export function sayRefusal(entry: InputEntry, place: Json | undefined, text: string, out: Out): void {
  const spoken = spokenAt(entry.content, placeOf(place));
  if (text === "") return;
  spoken.text += text;
  out.push({ type: "refusal_delta", index: entry.index, part: spoken.number, text });
}

/** Emits reasoning, full or summary. */
export function sayReasoning(
  entry: InputEntry,
  channel: "text" | "summary",
  place: Json | undefined,
  text: string,
  out: Out,
): void {
  const spoken = spokenAt(channel === "text" ? entry.content : entry.summary, placeOf(place));
  if (text === "") return;
  spoken.text += text;
  out.push({
    type: "reasoning_delta",
    index: entry.index,
    channel,
    part: channel === "text" ? 0 : spoken.number,
    text,
  });
}

/** Emits a citation of a message's part. */
export function sayCitation(entry: InputEntry, place: Json | undefined, citation: Citation, out: Out): void {
  const spoken = spokenAt(entry.content, placeOf(place));
  spoken.citations += 1;
  out.push({ type: "citation", index: entry.index, part: spoken.number, citation });
}

/** Completes an entry by the whole item: what its deltas missed is emitted, nothing twice; then the item ends. */
export function completeEntry(entry: InputEntry, item: AnswerItem, out: Out): void {
  if (entry.closed) return;
  startEntry(entry, item, out);
  if (item.type === "opaque") {
    entry.closed = true;
    out.push({ type: "opaque_item", index: entry.index, candidate: 0, dialect: DIALECT, value: item.value });
    return;
  }
  if (item.type === "message") completeMessage(entry, item, out);
  else if (item.type === "reasoning") completeReasoning(entry, item, out);
  else completeCall(entry, item, out);
  endEntry(entry, item, out);
}

/** Ends an entry; `item` is its last form, when it is known. */
export function endEntry(entry: InputEntry, item: AnswerItem | undefined, out: Out): void {
  if (entry.closed) return;
  entry.closed = true;
  if (!entry.started) return;
  const extensions = item !== undefined && "extensions" in item ? item.extensions : undefined;
  out.push({ type: "item_end", index: entry.index, ...(extensions !== undefined && { extensions }) });
}

function completeMessage(entry: InputEntry, item: MessageItem, out: Out): void {
  const places = [...entry.content.keys()].toSorted((a, b) => a - b);
  let spokenParts = 0;
  let media = 0;
  for (const part of item.content) {
    if (part.type === "text" || part.type === "refusal") {
      completeSpoken(entry, part, places[spokenParts] ?? spokenParts, out);
      spokenParts += 1;
    } else if (++media > entry.media) {
      entry.media = media;
      out.push({ type: "media", index: entry.index, media: part });
    }
  }
}

function completeSpoken(
  entry: InputEntry,
  part: Extract<Part, { type: "text" | "refusal" }>,
  place: number,
  out: Out,
): void {
  const known = entry.content.has(place);
  const spoken = spokenAt(entry.content, place);
  const missing = missingText(part.text, spoken.text);
  if (part.type === "refusal") return sayRefusal(entry, place, missing, out);
  const tokens = spoken.logprobs ? undefined : ownFields(part).logprobs;
  if (missing !== "" || listOf(tokens).length > 0) sayText(entry, place, missing, tokens, out);
  else if (!known || spoken.text === "") sayNothing(entry, spoken, out);
  for (const citation of (part.citations ?? []).slice(spoken.citations)) sayCitation(entry, place, citation, out);
}

/** A text part that stays empty is a part all the same. */
function sayNothing(entry: InputEntry, spoken: SpokenText, out: Out): void {
  out.push({ type: "text_delta", index: entry.index, part: spoken.number, text: "" });
}

/** All reasoning text of an item is one part in the canonical form. */
function completeReasoning(entry: InputEntry, item: ReasoningItem, out: Out): void {
  item.summary.forEach((text, place) => {
    sayReasoning(entry, "summary", place, missingText(text, spokenAt(entry.summary, place).text), out);
  });
  let said = "";
  for (const spoken of entry.content.values()) said += spoken.text;
  const missing = missingText(item.text, said);
  if (missing !== "") sayReasoning(entry, "text", Math.max(0, entry.content.size - 1), missing, out);
  if (item.opaque !== undefined) out.push({ type: "item_opaque", index: entry.index, opaque: item.opaque });
}

function completeCall(entry: InputEntry, item: ToolCallItem, out: Out): void {
  sayArguments(entry, missingText(item.arguments, entry.started ? entry.arguments : entry.held), out);
}

/** An item in the form that its first event would have had, for deltas of an item that was never announced. */
export function bareItem(kind: "message" | "reasoning", id: string): JsonObject {
  return kind === "message"
    ? { type: "message", role: "assistant", id, content: [] }
    : { type: "reasoning", id, summary: [] };
}
