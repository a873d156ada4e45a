import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeFile } from "./decode-file.ts";
import { decodeCall, decodeSource, secondsOf } from "./decode-response.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeState } from "./provider-state.ts";
import { decodeUsage } from "./usage.ts";
import { AI_GATEWAY, fieldsBeside, objectOf, textOf } from "./wire.ts";

interface State {
  isStarted: boolean;
  isOver: boolean;
  hasFinished: boolean;
  nextIndex: number;
  /** Blocks that are open, by their ids. */
  open: Map<string, number>;
  /** Calls whose input came in pieces: the whole one that follows says nothing new. */
  called: Map<string, number>;
  /** The message that files and sources belong to. */
  message: number | undefined;
}

/** Decodes a language model's stream (`LanguageModelV3StreamPart`, and version 2's). */
export function createStreamDecoder(): StreamDecoder {
  const state: State = {
    isStarted: false,
    isOver: false,
    hasFinished: false,
    nextIndex: 0,
    open: new Map(),
    called: new Map(),
    message: undefined,
  };
  return {
    push: (frame, out) => {
      if (!state.isOver) pushFrame(state, frame, out);
    },
    finish: (out) => {
      if (state.isOver) return;
      if (state.hasFinished) return end(state, out);
      fail(state, new GatewayError("upstream_truncated", "the stream ended before the answer was complete"), out);
    },
  };
}

function fail(state: State, error: GatewayError, out: StreamPart[]): void {
  state.isOver = true;
  out.push({ type: "error", error });
}

function end(state: State, out: StreamPart[]): void {
  state.isOver = true;
  out.push({ type: "end" });
}

function pushFrame(state: State, frame: Frame, out: StreamPart[]): void {
  if (frame.data === "[DONE]") {
    if (state.hasFinished) end(state, out);
    return;
  }
  const part = parsed(frame.data);
  if (!isJsonObject(part)) {
    return fail(state, new GatewayError("provider_protocol_error", "an event of the stream is not a JSON object"), out);
  }
  const type = textOf(part["type"]) ?? "";
  if (type === "error") return fail(state, faultToError(part["error"]), out);
  if (state.hasFinished) return;
  if (type === "stream-start" || type === "ping") return;
  if (!state.isStarted) start(state, type === "response-metadata" ? part : {}, out);
  if (type === "response-metadata") return;
  const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
  if (handler === undefined) out.push({ type: "unknown", dialect: AI_GATEWAY, event: frame.event, data: frame.data });
  else handler(state, part, out);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function start(state: State, about: JsonObject, out: StreamPart[]): void {
  state.isStarted = true;
  out.push({
    type: "start",
    id: textOf(about["id"]) ?? "",
    model: textOf(about["modelId"]) ?? "",
    createdAt: secondsOf(about["timestamp"]),
  });
}

type Handler = (state: State, part: JsonObject, out: StreamPart[]) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  "text-start": (state, part, out) => void begin(state, part, "message", out),
  "text-delta": (state, part, out) => {
    const index = indexOf(state, part, "message", out);
    out.push({ type: "text_delta", index, part: 0, text: textOf(part["delta"]) ?? "" });
  },
  "text-end": endBlock,
  "reasoning-start": (state, part, out) => void begin(state, part, "reasoning", out),
  "reasoning-delta": (state, part, out) => {
    const index = indexOf(state, part, "reasoning", out);
    takeState(index, part, out);
    const text = textOf(part["delta"]);
    if (text !== undefined) out.push({ type: "reasoning_delta", index, channel: "text", part: 0, text });
  },
  "reasoning-end": endBlock,
  "tool-input-start": (state, part, out) => {
    if (part["providerExecuted"] === true) return;
    const callId = textOf(part["id"]) ?? `call_${state.nextIndex}`;
    const index = begin(state, part, "tool_call", out, { callId, name: textOf(part["toolName"]) ?? "" });
    state.called.set(callId, index);
  },
  "tool-input-delta": (state, part, out) => {
    const index = state.open.get(textOf(part["id"]) ?? "");
    if (index !== undefined) out.push({ type: "tool_delta", index, text: textOf(part["delta"]) ?? "" });
  },
  // The whole call follows, and may bring its state.
  "tool-input-end": () => {},
  "tool-call": endCall,
  "tool-result": (state, part, out) => pushOpaque(state, part, out),
  "tool-approval-request": (state, part, out) => pushOpaque(state, part, out),
  file: (state, part, out) => {
    const media = decodeFile(part);
    if (media !== undefined) out.push({ type: "media", index: messageOf(state, out), media });
  },
  source: (state, part, out) => {
    out.push({ type: "citation", index: messageOf(state, out), part: 0, citation: decodeSource(part) });
  },
  finish,
};

function begin(
  state: State,
  part: JsonObject,
  kind: "message" | "reasoning" | "tool_call",
  out: StreamPart[],
  call: { callId?: string; name?: string } = {},
): number {
  if (kind === "message") endMessage(state, out);
  const index = state.nextIndex++;
  state.open.set(textOf(part["id"]) ?? "", index);
  const head: StreamPart = { type: "item_start", index, candidate: 0, kind, ...call };
  out.push(kind === "tool_call" ? { ...head, toolKind: "function" } : head);
  takeState(index, part, out);
  if (kind === "message") state.message = index;
  return index;
}

function takeState(index: number, part: JsonObject, out: StreamPart[]): void {
  const metadata = objectOf(part["providerMetadata"]);
  const opaque = metadata === undefined ? undefined : decodeState(metadata);
  if (opaque !== undefined) out.push({ type: "item_opaque", index, opaque });
}

function indexOf(state: State, part: JsonObject, kind: "message" | "reasoning", out: StreamPart[]): number {
  return state.open.get(textOf(part["id"]) ?? "") ?? begin(state, part, kind, out);
}

function endBlock(state: State, part: JsonObject, out: StreamPart[]): void {
  const id = textOf(part["id"]) ?? "";
  const index = state.open.get(id);
  if (index === undefined) return;
  takeState(index, part, out);
  state.open.delete(id);
  // A message stays open to the end: sources and files belong to it.
  if (state.message !== index) out.push({ type: "item_end", index });
}

function endMessage(state: State, out: StreamPart[]): void {
  if (state.message === undefined) return;
  for (const [id, index] of state.open) if (index === state.message) state.open.delete(id);
  out.push({ type: "item_end", index: state.message });
  state.message = undefined;
}

function messageOf(state: State, out: StreamPart[]): number {
  return state.message ?? begin(state, { id: `made-${state.nextIndex}` }, "message", out);
}

function endCall(state: State, part: JsonObject, out: StreamPart[]): void {
  if (part["providerExecuted"] === true) return pushOpaque(state, part, out);
  const call = decodeCall(part);
  const known = state.called.get(call.callId);
  const index = known ?? begin(state, { id: call.callId }, "tool_call", out, { callId: call.callId, name: call.name });
  if (known === undefined) out.push({ type: "tool_delta", index, text: call.arguments });
  takeState(index, part, out);
  state.open.delete(call.callId);
  state.called.delete(call.callId);
  out.push({ type: "item_end", index });
}

function pushOpaque(state: State, part: JsonObject, out: StreamPart[]): void {
  out.push({ type: "opaque_item", index: state.nextIndex++, candidate: 0, dialect: AI_GATEWAY, value: part });
}

const FINISH_TAKEN: ReadonlySet<string> = new Set(["type", "finishReason", "usage"]);

function finish(state: State, part: JsonObject, out: StreamPart[]): void {
  state.hasFinished = true;
  endMessage(state, out);
  for (const index of state.open.values()) out.push({ type: "item_end", index });
  state.open.clear();
  const { reason, raw } = decodeFinish(part["finishReason"]);
  const rest = fieldsBeside(part, FINISH_TAKEN);
  out.push({
    type: "finish",
    candidate: 0,
    reason,
    ...(raw !== undefined && { raw }),
    ...(rest !== undefined && { extensions: { [AI_GATEWAY]: rest } }),
  });
  const usage = decodeUsage(part["usage"]);
  if (usage !== undefined) out.push({ type: "usage", usage });
}
