import type { Part } from "../../canonical/content.ts";
import type { Json } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeAnnotation } from "./citations.ts";
import { decodeSpokenAudio } from "./decode-assistant.ts";
import { decodeCallDeltas, decodeFunctionDelta } from "./decode-call-delta.ts";
import { decodePart } from "./decode-content.ts";
import { decodeReasoningDelta, decodeThinkingDelta } from "./decode-reasoning-delta.ts";
import { flushThinking, takeThinking } from "./decode-tagged-delta.ts";
import type { ChoiceState, StreamState } from "./stream-state.ts";
import { openMessage } from "./stream-state.ts";
import type { WireMessage } from "./wire.ts";
import { isBlank, objectOf, textOf } from "./wire.ts";

const NAMED = new Set([
  "role",
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "reasoning_details",
  "tool_calls",
  "function_call",
  "audio",
  "images",
  "annotations",
  // Mistral repeats the choice's index here.
  "index",
]);

/** Decodes one `delta`. Hosts put several fields into one, in any order: they count in the order that a model works. */
export function decodeDelta(
  state: StreamState,
  choice: ChoiceState,
  delta: WireMessage,
  logprobs: Json | undefined,
  out: StreamPart[],
): void {
  decodeReasoningDelta(state, choice, delta, out);
  const { content } = delta;
  if (typeof content === "string") {
    if (state.flags.thinkTags === true) decodeTagged(state, choice, content, logprobs, out);
    else decodeText(state, choice, content, logprobs, out);
  } else if (Array.isArray(content)) decodeList(state, choice, content, logprobs, out);
  const refusal = textOf(delta.refusal);
  if (refusal !== undefined) decodeRefusal(state, choice, refusal, out);
  decodeMedia(state, choice, delta, out);
  if (delta.tool_calls !== undefined) decodeCallDeltas(state, choice, delta.tool_calls, out);
  const call = objectOf(delta.function_call);
  if (call !== undefined && !isBlank(call)) decodeFunctionDelta(state, choice, call, out);
  decodeAnnotations(choice, delta.annotations, out);
  keepFields(choice, delta);
}

function keepFields(choice: ChoiceState, delta: WireMessage): void {
  for (const key in delta) {
    if (NAMED.has(key) || key === "__proto__") continue;
    choice.messageFields ??= {};
    choice.messageFields[key] = delta[key];
  }
}

/** Text of a model that may write its reasoning into it. */
function decodeTagged(
  state: StreamState,
  choice: ChoiceState,
  text: string,
  logprobs: Json | undefined,
  out: StreamPart[],
): void {
  const rest = takeThinking(state, choice, text, out);
  if (rest !== "" || text === "") decodeText(state, choice, rest, logprobs, out);
}

/** The choice ends: text that was held back, as it might have begun a tag, goes out. */
export function flushText(state: StreamState, choice: ChoiceState, out: StreamPart[]): void {
  const held = flushThinking(choice, out);
  if (held !== "") decodeText(state, choice, held, undefined, out);
}

function decodeText(
  state: StreamState,
  choice: ChoiceState,
  text: string,
  logprobs: Json | undefined,
  out: StreamPart[],
): void {
  const hasLogprobs = logprobs !== undefined && logprobs !== null;
  if (text === "" && !(hasLogprobs && holdsTokens(logprobs))) return;
  const message = openMessage(state, choice, out);
  if (message.kind === "refusal") message.part += 1;
  message.kind = "text";
  const { index, part } = message;
  out.push(
    hasLogprobs ? { type: "text_delta", index, part, text, logprobs } : { type: "text_delta", index, part, text },
  );
}

/** The piece that gives the role comes with empty lists, and may be followed by calls alone. */
function holdsTokens(logprobs: Json): boolean {
  if (!isJsonObject(logprobs)) return true;
  for (const key in logprobs) {
    const list = logprobs[key];
    if (Array.isArray(list) && list.length > 0) return true;
  }
  return false;
}

function decodeRefusal(state: StreamState, choice: ChoiceState, text: string, out: StreamPart[]): void {
  const message = openMessage(state, choice, out);
  if (message.kind === "text") message.part += 1;
  message.kind = "refusal";
  out.push({ type: "refusal_delta", index: message.index, part: message.part, text });
}

/** Mistral streams lists of `thinking` and `text` parts, and parts of other kinds whole. */
function decodeList(
  state: StreamState,
  choice: ChoiceState,
  list: Json[],
  logprobs: Json | undefined,
  out: StreamPart[],
): void {
  for (const part of list) {
    if (!isJsonObject(part)) continue;
    if (part["type"] === "thinking") decodeThinkingDelta(state, choice, part, out);
    else if (part["type"] === "text" && typeof part["text"] === "string") {
      decodeText(state, choice, part["text"], logprobs, out);
    } else addMedia(state, choice, decodePart(part), out);
  }
}

function addMedia(state: StreamState, choice: ChoiceState, media: Part, out: StreamPart[]): void {
  out.push({ type: "media", index: openMessage(state, choice, out).index, media });
}

function decodeMedia(state: StreamState, choice: ChoiceState, delta: WireMessage, out: StreamPart[]): void {
  const { images } = delta;
  if (Array.isArray(images)) {
    for (const image of images) if (isJsonObject(image)) addMedia(state, choice, decodePart(image), out);
  }
  const audio = objectOf(delta.audio);
  if (audio === undefined || isBlank(audio)) return;
  // A piece may hold the transcript or the expiry only.
  const media = decodeSpokenAudio({ data: "", ...audio });
  if (media === undefined) return;
  out.push({ type: "media", index: openMessage(state, choice, out).index, media, chunk: true });
}

/** Annotations belong to the text before them; without an open text they stay a field of the message. */
function decodeAnnotations(choice: ChoiceState, annotations: Json | undefined, out: StreamPart[]): void {
  if (!Array.isArray(annotations) || annotations.length === 0) return;
  const { message } = choice;
  if (message === undefined) {
    choice.messageFields ??= {};
    choice.messageFields["annotations"] = annotations;
    return;
  }
  for (const annotation of annotations) {
    if (!isJsonObject(annotation)) continue;
    out.push({ type: "citation", index: message.index, part: message.part, citation: decodeAnnotation(annotation) });
  }
}
