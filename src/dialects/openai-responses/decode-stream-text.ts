import type { Frame } from "../../canonical/dialect.ts";
import type { Json } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeCitation } from "./decode-citation.ts";
import { decodePart } from "./decode-part.ts";
import { sayCitation, sayReasoning, sayRefusal, sayText } from "./decode-stream-item.ts";
import { entryOf } from "./find-entry.ts";
import { missingText, placeOf, spokenAt } from "./stream-input.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import type { WireEvent } from "./wire.ts";

/** Handlers of the events that carry text of messages and reasoning. */
type Handler = (state: StreamInput, event: WireEvent, frame: Frame, out: Out) => void;

/** Takes note of a part, so that an empty one keeps its place. */
export function partAdded(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const part = event.part;
  if (!isJsonObject(part)) return;
  if (part.type !== "output_text" && part.type !== "refusal") return;
  const entry = entryOf(state, event, "message", out);
  if (entry !== undefined) spokenAt(entry.content, placeOf(event.content_index));
}

/** Completes a text or refusal part. */
export function partDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.part)) return;
  const part = decodePart(event.part, "output_text");
  if (part.type === "text") sayMissing(state, event, part.text, textDelta, out);
  else if (part.type === "refusal") sayMissing(state, event, part.text, refusalDelta, out);
}

/** Emits what a done event has beyond the deltas before it, through the handler of those deltas. */
function sayMissing(state: StreamInput, event: WireEvent, whole: Json | undefined, delta: Handler, out: Out): void {
  if (typeof whole !== "string") return;
  const entry = entryOf(state, event, "message", out);
  if (entry === undefined) return;
  const missing = missingText(whole, spokenAt(entry.content, placeOf(event.content_index)).text);
  if (missing !== "") delta(state, { ...event, delta: missing, logprobs: null }, NO_FRAME, out);
}

const NO_FRAME: Frame = { event: "", data: "" };

/** Text of a message. */
export function textDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "message", out);
  if (entry !== undefined) sayText(entry, event.content_index, event.delta, event.logprobs, out);
}

/** Completes text of a message. */
export function textDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  sayMissing(state, event, event.text, textDelta, out);
}

/** A citation. */
export function annotationAdded(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const citation = decodeCitation(event.annotation);
  const entry = citation === undefined ? undefined : entryOf(state, event, "message", out);
  if (citation !== undefined && entry !== undefined) sayCitation(entry, event.content_index, citation, out);
}

/** Text of a refusal. */
export function refusalDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "message", out);
  if (entry !== undefined) sayRefusal(entry, event.content_index, event.delta, out);
}

/** Completes a refusal. */
export function refusalDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  sayMissing(state, event, event.refusal, refusalDelta, out);
}

/** Text of a reasoning summary. */
export function summaryDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "reasoning", out);
  if (entry !== undefined) sayReasoning(entry, "summary", event.summary_index, event.delta, out);
}

/** Completes a part of a reasoning summary. */
export function summaryDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const entry = typeof event.text === "string" ? entryOf(state, event, "reasoning", out) : undefined;
  if (entry === undefined || typeof event.text !== "string") return;
  const { text } = spokenAt(entry.summary, placeOf(event.summary_index));
  sayReasoning(entry, "summary", event.summary_index, missingText(event.text, text), out);
}

/** Full reasoning text. */
export function reasoningDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "reasoning", out);
  if (entry !== undefined) sayReasoning(entry, "text", event.content_index, event.delta, out);
}

/** Completes full reasoning text. */
export function reasoningDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const entry = typeof event.text === "string" ? entryOf(state, event, "reasoning", out) : undefined;
  if (entry === undefined || typeof event.text !== "string") return;
  const { text } = spokenAt(entry.content, placeOf(event.content_index));
  sayReasoning(entry, "text", event.content_index, missingText(event.text, text), out);
}
