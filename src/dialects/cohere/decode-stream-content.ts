import type { Extensions } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeCitation } from "./citations.ts";
import { argumentsOf } from "./decode-assistant.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { markShape } from "./own-fields.ts";
import { closeMessage, closePlan, type Block, type StreamState } from "./stream-state.ts";
import { indexOf, objectOf, textOf } from "./wire.ts";

/** False: the event is not what it says; it is passed on as it came. */
export type Handler = (state: StreamState, event: JsonObject, out: StreamPart[]) => boolean;

function messageOf(event: JsonObject): JsonObject {
  return objectOf(objectOf(event["delta"])["message"]);
}

/** `content-start`: a block begins; a text in the message item that others share. */
export function onContentStart(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const content = objectOf(messageOf(event)["content"]);
  const wireIndex = indexOf(event["index"]);
  endThought(state, wireIndex, out);
  const block = openBlock(state, wireIndex, content["type"] === "thinking", out);
  emit(block, content, event, out);
  return true;
}

/** `content-delta`: more of a block; one that was not announced begins with it. */
export function onContentDelta(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const content = objectOf(messageOf(event)["content"]);
  const wireIndex = indexOf(event["index"]);
  const block = state.blocks.get(wireIndex) ?? openBlock(state, wireIndex, "thinking" in content, out);
  emit(block, content, event, out);
  return true;
}

/** `content-end`: thoughts end; a text's item stays open for its citations. */
export function onContentEnd(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  endThought(state, indexOf(event["index"]), out);
  return true;
}

function endThought(state: StreamState, wireIndex: number, out: StreamPart[]): void {
  const block = state.blocks.get(wireIndex);
  if (block?.isThought !== true) return;
  state.blocks.delete(wireIndex);
  out.push({ type: "item_end", index: block.item });
}

function openBlock(state: StreamState, wireIndex: number, isThought: boolean, out: StreamPart[]): Block {
  const block = isThought ? openThought(state, out) : openText(state, out);
  state.blocks.set(wireIndex, block);
  return block;
}

function openThought(state: StreamState, out: StreamPart[]): Block {
  closeMessage(state, out);
  const item = state.next++;
  out.push({ type: "item_start", index: item, candidate: 0, kind: "reasoning" });
  return { item, part: 0, isThought: true };
}

function openText(state: StreamState, out: StreamPart[]): Block {
  closePlan(state, out);
  if (state.message === -1) {
    state.message = state.next++;
    state.nextPart = 0;
    out.push({ type: "item_start", index: state.message, candidate: 0, kind: "message" });
  }
  return { item: state.message, part: state.nextPart++, isThought: false };
}

function emit(block: Block, content: JsonObject, event: JsonObject, out: StreamPart[]): void {
  const { item: index, part } = block;
  const text = textOf(content[block.isThought ? "thinking" : "text"]);
  const logprobs = decodeLogprobs(event["logprobs"]);
  if (text === "" && logprobs === undefined) return;
  if (block.isThought) out.push({ type: "reasoning_delta", index, channel: "text", part: 0, text });
  else if (logprobs === undefined) out.push({ type: "text_delta", index, part, text });
  else out.push({ type: "text_delta", index, part, text, logprobs });
}

/** `tool-plan-delta`: what the model says before its calls. */
export function onPlanDelta(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const text = textOf(messageOf(event)["tool_plan"]);
  if (text === "") return true;
  if (state.plan === -1) {
    closeMessage(state, out);
    state.plan = state.next++;
    out.push({ type: "item_start", index: state.plan, candidate: 0, kind: "message", extensions: planExtensions() });
  }
  out.push({ type: "text_delta", index: state.plan, part: 0, text });
  return true;
}

function planExtensions(): Extensions {
  const item: { extensions?: Extensions } = {};
  markShape(item, "plan");
  return item.extensions ?? {};
}

function callOf(event: JsonObject): JsonObject {
  const { tool_calls: calls } = messageOf(event);
  return objectOf(Array.isArray(calls) ? calls[0] : calls);
}

/** `tool-call-start`: a call with its name, perhaps with all of its arguments. */
export function onCallStart(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const call = callOf(event);
  const it = objectOf(call["function"]);
  if (textOf(it["name"]) === "") return false;
  const wireIndex = indexOf(event["index"]);
  onCallEnd(state, event, out);
  closeMessage(state, out);
  closePlan(state, out);
  const index = state.next++;
  state.calls.set(wireIndex, index);
  const callId = textOf(call["id"]) || `call_${wireIndex}`;
  const name = textOf(it["name"]);
  out.push({ type: "item_start", index, candidate: 0, kind: "tool_call", callId, name, toolKind: "function" });
  addArguments(index, it, out);
  return true;
}

/** `tool-call-delta`: more of a call's arguments. */
export function onCallDelta(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const index = state.calls.get(indexOf(event["index"]));
  if (index === undefined) return false;
  addArguments(index, objectOf(callOf(event)["function"]), out);
  return true;
}

function addArguments(index: number, it: JsonObject, out: StreamPart[]): void {
  const text = argumentsOf(it["arguments"]);
  if (text !== "") out.push({ type: "tool_delta", index, text });
}

/** `tool-call-end`. */
export function onCallEnd(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const wireIndex = indexOf(event["index"]);
  const index = state.calls.get(wireIndex);
  state.calls.delete(wireIndex);
  if (index !== undefined) out.push({ type: "item_end", index });
  return true;
}

/** `citation-start`: a whole citation, of the text that it names or of the only one that is open. */
export function onCitation(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const wire = messageOf(event)["citations"];
  if (!isJsonObject(wire)) return false;
  const place = citedPlace(state, wire);
  if (place === undefined) return false;
  for (const citation of decodeCitation(wire)) out.push({ type: "citation", ...place, citation });
  return true;
}

function citedPlace(state: StreamState, wire: JsonObject): { index: number; part: number } | undefined {
  const type = textOf(wire["type"]);
  if (type === "PLAN") return state.plan === -1 ? undefined : { index: state.plan, part: 0 };
  if (type === "THINKING_CONTENT" || state.message === -1) return undefined;
  const block = state.blocks.get(indexOf(wire["content_index"]));
  const isOpen = block !== undefined && !block.isThought && block.item === state.message;
  return { index: state.message, part: isOpen ? block.part : Math.max(0, state.nextPart - 1) };
}
