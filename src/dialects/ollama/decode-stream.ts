import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeCall, decodeImages } from "./decode-messages.ts";
import { decodeLogprobs, isAnswer, makeCallId, saidIn } from "./decode-response.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeUsage, METRICS } from "./usage.ts";
import { fieldsBeside, OLLAMA, secondsOf, textOf } from "./wire.ts";

const TAKEN: ReadonlySet<string> = new Set([
  ...["model", "created_at", "message", "response", "thinking", "tool_calls", "done", "done_reason", "logprobs"],
  ...METRICS,
]);

interface State {
  isStarted: boolean;
  isOver: boolean;
  nextIndex: number;
  /** The item that is open: thoughts or words. */
  open: { index: number; kind: "message" | "reasoning" } | undefined;
  calledTools: boolean;
}

/** Decodes a stream of `/api/chat` or `/api/generate`: a line has the next piece, the last one says `done`. */
export function createStreamDecoder(): StreamDecoder {
  const state: State = { isStarted: false, isOver: false, nextIndex: 0, open: undefined, calledTools: false };
  return {
    push: (frame, out) => {
      if (!state.isOver) pushFrame(state, frame, out);
    },
    finish: (out) => {
      if (state.isOver) return;
      close(state, out);
      const message = "the provider closed the stream before the answer was complete";
      fail(state, new GatewayError("upstream_truncated", message), out);
    },
  };
}

function pushFrame(state: State, frame: Frame, out: StreamPart[]): void {
  const line = parsed(frame.data);
  if (!isJsonObject(line)) {
    return fail(state, new GatewayError("provider_protocol_error", "a line of the stream is not a JSON object"), out);
  }
  if (line["error"] != null) return fail(state, faultToError(line), out);
  if (!isAnswer(line)) {
    out.push({ type: "unknown", dialect: OLLAMA, event: frame.event, data: frame.data });
    return;
  }
  if (!state.isStarted) start(state, line, out);
  pushLine(state, line, out);
  if (line["done"] === true) end(state, line, out);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function fail(state: State, error: GatewayError, out: StreamPart[]): void {
  state.isOver = true;
  out.push({ type: "error", error });
}

function start(state: State, line: JsonObject, out: StreamPart[]): void {
  state.isStarted = true;
  out.push({ type: "start", id: "", model: textOf(line["model"]) ?? "", createdAt: secondsOf(line["created_at"]) });
}

function pushLine(state: State, line: JsonObject, out: StreamPart[]): void {
  const { text, thinking, calls, images } = saidIn(line);
  if (thinking !== "") {
    out.push({
      type: "reasoning_delta",
      index: open(state, "reasoning", out),
      channel: "text",
      part: 0,
      text: thinking,
    });
  }
  const logprobs = decodeLogprobs(line["logprobs"]);
  if (text !== "" || (logprobs !== undefined && state.open?.kind === "message")) {
    const delta: StreamPart = { type: "text_delta", index: open(state, "message", out), part: 0, text };
    out.push(logprobs === undefined ? delta : { ...delta, logprobs });
  }
  for (const media of decodeImages(images, "images"))
    out.push({ type: "media", index: open(state, "message", out), media });
  for (const call of calls) pushCall(state, decodeCall(call, makeCallId), out);
}

function open(state: State, kind: "message" | "reasoning", out: StreamPart[]): number {
  if (state.open?.kind === kind) return state.open.index;
  close(state, out);
  const index = state.nextIndex++;
  state.open = { index, kind };
  out.push({ type: "item_start", index, candidate: 0, kind });
  return index;
}

function close(state: State, out: StreamPart[]): void {
  if (state.open !== undefined) out.push({ type: "item_end", index: state.open.index });
  state.open = undefined;
}

/** Calls come whole. */
function pushCall(state: State, { callId, name, arguments: text, extensions }: ToolCallItem, out: StreamPart[]): void {
  close(state, out);
  state.calledTools = true;
  const index = state.nextIndex++;
  const head: StreamPart = { type: "item_start", index, candidate: 0, kind: "tool_call", callId, name };
  out.push({ ...head, toolKind: "function", ...(extensions !== undefined && { extensions }) });
  out.push({ type: "tool_delta", index, text }, { type: "item_end", index });
}

function end(state: State, line: JsonObject, out: StreamPart[]): void {
  state.isOver = true;
  close(state, out);
  const raw = textOf(line["done_reason"]);
  const reason = decodeFinish(raw, state.calledTools);
  const extensions = { [OLLAMA]: fieldsBeside(line, TAKEN) };
  out.push({ type: "finish", candidate: 0, reason, ...(raw !== undefined && { raw }), extensions });
  const usage = decodeUsage(line);
  if (usage !== undefined) out.push({ type: "usage", usage });
  out.push({ type: "end" });
}
