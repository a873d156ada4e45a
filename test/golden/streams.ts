import type { Frame, ReplyContext } from "../../src/canonical/dialect.ts";
import type { JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import { createFrameParser } from "../../src/pipeline/frame-parser.ts";
import { viewOf, wireBytes } from "../mock-upstream/event-stream-view.ts";
import { dialectNamed } from "./pairs.ts";

const REQUESTS: Record<ChatDialect, JsonObject> = {
  "ai-gateway": { prompt: [{ role: "user", content: [{ type: "text", text: "Hello" }] }] },
  "anthropic-messages": { model: "asked", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] },
  "bedrock-converse": { messages: [{ role: "user", content: [{ text: "Hello" }] }] },
  "bedrock-text": { message: "Hello" },
  cohere: { model: "asked", messages: [{ role: "user", content: "Hello" }] },
  gemini: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  "openai-chat": {
    model: "asked",
    messages: [{ role: "user", content: "Hello" }],
    stream_options: { include_usage: true },
  },
  "openai-completions": { model: "asked", prompt: "Hello", stream_options: { include_usage: true } },
  ollama: { model: "asked", messages: [{ role: "user", content: "Hello" }] },
  "openai-responses": { model: "asked", input: "Hello", tools: [{ type: "custom", name: "run_code" }] },
};

/** What an encoder is told of a client's least request. */
export function replyTo(client: ChatDialect): ReplyContext {
  const path = dialectNamed(client).modelInBody ? {} : { pathModel: "asked" };
  const request = dialectNamed(client).decodeRequest({ body: REQUESTS[client], ...path });
  return { requestId: "req_1", model: "asked", createdAt: 1_750_000_000, request };
}

/** The parts of a provider's stream, which arrives in pieces of these sizes. */
export function decodeEvents(provider: ChatDialect, text: string | Uint8Array, cut: () => number): StreamPart[] {
  const bytes = typeof text === "string" ? wireBytes(text) : text;
  const parser = createFrameParser(dialectNamed(provider).framing);
  const decoder = dialectNamed(provider).createStreamDecoder();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = cut();
    parser.push(bytes.subarray(at, at + size), frames);
    at += size;
  }
  parser.end(frames);
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

/** The text of a client's stream. */
export function encodeParts(client: ChatDialect, parts: readonly StreamPart[]): string {
  const encoder = dialectNamed(client).createStreamEncoder(replyTo(client));
  const encoded = parts.map((part) => encoder.encode(part));
  return encoded.map((each) => (typeof each === "string" ? each : viewOf(each))).join("");
}
