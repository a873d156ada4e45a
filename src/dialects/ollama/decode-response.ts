import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeCall, decodeImages } from "./decode-messages.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeUsage, METRICS } from "./usage.ts";
import { fieldsBeside, objectOf, objectsOf, OLLAMA, secondsOf, textOf } from "./wire.ts";

const TAKEN: ReadonlySet<string> = new Set([
  ...["model", "message", "response", "thinking", "tool_calls", "done", "done_reason", "logprobs"],
  ...METRICS,
]);
const MESSAGE_TAKEN: ReadonlySet<string> = new Set(["role", "content", "thinking", "tool_calls", "images"]);

/** What a line or a whole answer says, wherever its endpoint puts it. */
export interface Said {
  text: string;
  thinking: string;
  calls: JsonObject[];
  images: Json | undefined;
  /** Fields of the message without a canonical name. */
  fields: JsonObject;
}

/** Reads what is said: in `message` (`/api/chat`), or at the top (`/api/generate`). */
export function saidIn(body: JsonObject): Said {
  const message = objectOf(body["message"]);
  const from = message ?? body;
  return {
    text: textOf(message === undefined ? body["response"] : message["content"]) ?? "",
    thinking: textOf(from["thinking"]) ?? "",
    calls: objectsOf(from["tool_calls"]),
    images: Array.isArray(message?.["images"]) ? message["images"].filter((each) => typeof each === "string") : null,
    fields: message === undefined ? {} : fieldsBeside(message, MESSAGE_TAKEN),
  };
}

/** True for a body that one of the endpoints may have sent. */
export function isAnswer(body: JsonObject): boolean {
  return isJsonObject(body["message"]) || typeof body["response"] === "string" || typeof body["done"] === "boolean";
}

/**
 * Decodes a whole answer of `/api/chat` or `/api/generate` (`ChatResponse` and `GenerateResponse` in `api/types.go`). Throws
 * `provider_protocol_error` for anything else, and the fault itself when the body is an error.
 */
export function decodeResponse(body: Json): ChatResponse {
  if (!isJsonObject(body)) throw new GatewayError("provider_protocol_error", "the answer is not a JSON object");
  if (body["error"] != null) throw faultToError(body);
  if (!isAnswer(body)) throw new GatewayError("provider_protocol_error", "the answer has no message");
  const usage = decodeUsage(body);
  return {
    id: "",
    model: textOf(body["model"]) ?? "",
    createdAt: secondsOf(body["created_at"]),
    candidates: [decodeCandidate(body)],
    ...(usage !== undefined && { usage }),
    extensions: { [OLLAMA]: fieldsBeside(body, TAKEN) },
  };
}

function decodeCandidate(body: JsonObject): Candidate {
  const said = saidIn(body);
  const calls = said.calls.map((call) => decodeCall(call, makeCallId));
  const raw = textOf(body["done_reason"]);
  const logprobs = decodeLogprobs(body["logprobs"]);
  return {
    index: 0,
    items: itemsOf(said, calls),
    finishReason: decodeFinish(raw, calls.length > 0),
    ...(raw !== undefined && { rawFinishReason: raw }),
    ...(logprobs !== undefined && { logprobs }),
    extensions: { [OLLAMA]: said.fields },
  };
}

function itemsOf({ text, thinking, images }: Said, calls: Item[]): Item[] {
  const items: Item[] = [];
  if (thinking !== "") items.push({ type: "reasoning", summary: [], text: thinking });
  const pictures = decodeImages(images, "images");
  const words = text === "" ? [] : [{ type: "text" as const, text }];
  if (words.length + pictures.length > 0) {
    items.push({ type: "message", role: "assistant", content: [...words, ...pictures] });
  }
  return [...items, ...calls];
}

/** An id for a tool call that came without one. */
export function makeCallId(): string {
  return `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

/** Probabilities have the form of OpenAI chat but for the object around them; undefined when there are none. */
export function decodeLogprobs(logprobs: Json | undefined): JsonObject | undefined {
  const content = objectsOf(logprobs);
  if (content.length === 0) return undefined;
  return { content: content.map((token) => ({ top_logprobs: [], bytes: null, ...token })), refusal: null };
}
