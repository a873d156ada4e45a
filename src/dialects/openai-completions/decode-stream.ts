import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { choiceText } from "./decode-response.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeLogprobs } from "./logprobs.ts";
import type { OpenaiForms } from "./openai-forms.ts";
import { COMPLETIONS, fieldsBeside, numberOf, objectOf, textOf } from "./wire.ts";

const CHUNK_FIELDS = new Set(["id", "object", "created", "model", "choices", "usage", "system_fingerprint"]);

interface ChoiceState {
  /** Index of the open message; undefined before and after it. */
  open: number | undefined;
  isFinished: boolean;
}

interface State {
  forms: OpenaiForms;
  isStarted: boolean;
  isOver: boolean;
  nextIndex: number;
  choices: Map<number, ChoiceState>;
}

/** Decodes a stream of completions: each event has the next piece of text; `[DONE]` ends it. */
export function createStreamDecoder(forms: OpenaiForms): StreamDecoder {
  const state: State = { forms, isStarted: false, isOver: false, nextIndex: 0, choices: new Map() };
  return {
    push: (frame, out) => {
      if (!state.isOver) pushFrame(state, frame, out);
    },
    finish: (out) => {
      if (!state.isOver) finish(state, out);
    },
  };
}

function pushFrame(state: State, frame: Frame, out: StreamPart[]): void {
  const { data } = frame;
  if (data.trim() === "") return;
  if (data.trim() === "[DONE]") return finish(state, out);
  const chunk = parsed(data);
  if (!isJsonObject(chunk)) return fail(state, protocolError(), out);
  if (chunk["error"] != null) return fail(state, state.forms.faultToError(chunk), out);
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) {
    out.push({ type: "unknown", dialect: COMPLETIONS, event: frame.event, data });
    return;
  }
  if (!state.isStarted) start(state, chunk, out);
  for (const [at, choice] of choices.entries()) if (isJsonObject(choice)) pushChoice(state, choice, at, out);
  const usage = objectOf(chunk["usage"]);
  if (usage !== undefined) out.push({ type: "usage", usage: state.forms.decodeUsage(usage) });
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function protocolError(): GatewayError {
  return new GatewayError("provider_protocol_error", "an event of the stream is not a JSON object");
}

function fail(state: State, error: GatewayError, out: StreamPart[]): void {
  state.isOver = true;
  out.push({ type: "error", error });
}

function start(state: State, chunk: JsonObject, out: StreamPart[]): void {
  state.isStarted = true;
  out.push({
    type: "start",
    id: textOf(chunk["id"]) ?? "",
    model: textOf(chunk["model"]) ?? "",
    createdAt: Math.floor(numberOf(chunk["created"]) ?? 0),
    extensions: { [COMPLETIONS]: fieldsBeside(chunk, CHUNK_FIELDS) },
  });
}

function pushChoice(state: State, choice: JsonObject, position: number, out: StreamPart[]): void {
  const candidate = numberOf(choice["index"]) ?? position;
  const known = state.choices.get(candidate) ?? { open: undefined, isFinished: false };
  state.choices.set(candidate, known);
  if (known.isFinished) return;
  const text = choiceText(choice);
  const logprobs = decodeLogprobs(choice["logprobs"]);
  if (text !== "" || logprobs !== undefined) {
    const index = (known.open ??= begin(state, candidate, out));
    const delta: StreamPart = { type: "text_delta", index, part: 0, text };
    out.push(logprobs === undefined ? delta : { ...delta, logprobs });
  }
  const word = textOf(choice["finish_reason"]);
  if (word === undefined) return;
  known.isFinished = true;
  close(known, out);
  const extensions = { [COMPLETIONS]: {} };
  out.push({ type: "finish", candidate, reason: decodeFinish(word), raw: word, extensions });
}

function begin(state: State, candidate: number, out: StreamPart[]): number {
  const index = state.nextIndex++;
  out.push({ type: "item_start", index, candidate, kind: "message" });
  return index;
}

function close(choice: ChoiceState, out: StreamPart[]): void {
  if (choice.open !== undefined) out.push({ type: "item_end", index: choice.open });
  choice.open = undefined;
}

/** The answer is whole when all its choices said why they ended, with or without the terminal mark. */
function finish(state: State, out: StreamPart[]): void {
  state.isOver = true;
  let isWhole = state.choices.size > 0;
  for (const choice of state.choices.values()) {
    close(choice, out);
    isWhole &&= choice.isFinished;
  }
  if (isWhole) out.push({ type: "end" });
  else {
    const message = "the provider closed the stream before the answer was complete";
    out.push({ type: "error", error: new GatewayError("upstream_truncated", message) });
  }
}
