import { answerText } from "../../mock-upstream/event-stream-view.ts";
import type { SpokenDialect as ChatDialect } from "../spoken.ts";
import type { Loose } from "../reading/loose.ts";

export interface ClientRequest {
  dialect: ChatDialect;
  /** Where the path names it: Gemini. */
  model: string;
  isStream: boolean;
  /** JSON text. */
  body: string;
  /** Gemini streams as one JSON array instead of events. */
  asArray?: boolean;
}

/** What a client got, to the byte. */
export interface ClientAnswer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** The bytes as a text; messages of event streams in their form as text. */
  text: string;
}

const PATHS: Record<ChatDialect, (request: ClientRequest) => string> = {
  "openai-chat": () => "/v1/chat/completions",
  "openai-completions": () => "/v1/completions",
  "openai-responses": () => "/v1/responses",
  ollama: () => "/ollama/api/chat",
  "anthropic-messages": () => "/v1/messages",
  "bedrock-converse": ({ model, isStream }) =>
    `/bedrock/model/${encodeURIComponent(model)}/converse${isStream ? "-stream" : ""}`,
  cohere: () => "/v2/chat",
  gemini: ({ model, isStream, asArray }) => {
    if (!isStream) return `/v1beta/models/${model}:generateContent`;
    return `/v1beta/models/${model}:streamGenerateContent${asArray === true ? "" : "?alt=sse"}`;
  },
};

/** Sends a request of a dialect to the gateway, with its credential where SDKs of the dialect put it. */
export async function sendRequest(gateway: string, key: string, request: ClientRequest): Promise<ClientAnswer> {
  const { dialect, body } = request;
  const credential: Record<ChatDialect, Record<string, string>> = {
    "openai-chat": { authorization: `Bearer ${key}` },
    "openai-completions": { authorization: `Bearer ${key}` },
    "openai-responses": { authorization: `Bearer ${key}` },
    ollama: { authorization: `Bearer ${key}` },
    "anthropic-messages": { "x-api-key": key, "anthropic-version": "2023-06-01" },
    "bedrock-converse": { authorization: `Bearer ${key}` },
    cohere: { authorization: `Bearer ${key}` },
    gemini: { "x-goog-api-key": key },
  };
  const response = await fetch(gateway + PATHS[dialect](request), {
    method: "POST",
    headers: { "content-type": "application/json", ...credential[dialect] },
    body,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = answerText(response.headers.get("content-type") ?? "", bytes);
  return { status: response.status, headers: response.headers, bytes, text };
}

/** The least that a client of this dialect sends. */
export function leastRequest(dialect: ChatDialect, model: string, isStream: boolean): ClientRequest {
  const messages = [{ role: "user", content: "Hello" }];
  const bodies: Record<ChatDialect, Loose> = {
    "openai-chat": { model, messages, ...(isStream && { stream: true, stream_options: { include_usage: true } }) },
    "openai-completions": { model, prompt: "Hello", ...(isStream && { stream: true }) },
    ollama: { model, messages, stream: isStream },
    "openai-responses": { model, input: "Hello", stream: isStream },
    "anthropic-messages": { model, max_tokens: 4096, messages, stream: isStream },
    "bedrock-converse": { messages: [{ role: "user", content: [{ text: "Hello" }] }] },
    cohere: { model, messages, stream: isStream },
    gemini: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  };
  return { dialect, model, isStream, body: JSON.stringify(bodies[dialect]) };
}
