import type { ChatDialect } from "../../../src/canonical/names.ts";
import { jsonAnswer, streamAnswer } from "../../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../../mock-upstream/server.ts";
import type { Loose } from "../reading/loose.ts";
import type { SpokenDialect } from "../spoken.ts";
import { readAiGatewayRequest, writeAiGateway } from "./ai-gateway.ts";
import { answerNamed, type Answer, type AnswerName, type WireAnswer } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { readConverseRequest, writeConverse } from "./bedrock.ts";
import { readChatRequest, writeChat } from "./chat.ts";
import { readCohereRequest, writeCohere } from "./cohere.ts";
import { readCommandRequest, writeCommand } from "./command.ts";
import { readCompletionsRequest, writeCompletions } from "./completions.ts";
import { readGeminiRequest, writeGemini } from "./gemini.ts";
import { readMessagesRequest, writeMessages } from "./messages.ts";
import { readOllamaRequest, writeOllama } from "./ollama.ts";
import { readResponsesRequest, writeResponses } from "./responses.ts";

interface Wire {
  /** A current model of the vendor. */
  model: string;
  read(path: string, body: Loose): Asked;
  write(answer: Answer): WireAnswer;
  count: object | null;
  /** What the API does not have: a model's name in answers; the number of tokens of thoughts, their state that only it can read. */
  lacks?: readonly ("name" | "count" | "state")[];
  models(id: string): object;
}

const openaiModels = (id: string): object => ({
  object: "list",
  data: [{ id, object: "model", created: 1, owned_by: "host" }],
});

/** The wire formats, spoken and understood by hand. */
export const WIRES: Readonly<Record<ChatDialect, Wire>> = {
  "ai-gateway": {
    model: "anthropic/claude-sonnet-4-5",
    read: readAiGatewayRequest,
    write: writeAiGateway,
    count: null,
    models: openaiModels,
  },
  "anthropic-messages": {
    model: "claude-sonnet-4-5",
    read: readMessagesRequest,
    write: writeMessages,
    count: { input_tokens: 42 },
    models: (id) => ({
      data: [{ type: "model", id, display_name: id, created_at: "2025-01-01T00:00:00Z" }],
      has_more: false,
    }),
  },
  "bedrock-converse": {
    model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    read: readConverseRequest,
    write: writeConverse,
    count: { inputTokens: 42 },
    lacks: ["name", "count"],
    models: openaiModels,
  },
  "bedrock-text": {
    model: "cohere.command-r-plus-v1:0",
    read: readCommandRequest,
    write: writeCommand,
    count: null,
    models: openaiModels,
  },
  cohere: {
    model: "command-a-reasoning-08-2025",
    read: readCohereRequest,
    write: writeCohere,
    count: null,
    lacks: ["name", "count", "state"],
    models: (id) => ({ models: [{ name: id, endpoints: ["chat"] }] }),
  },
  gemini: {
    model: "gemini-3-pro-preview",
    read: readGeminiRequest,
    write: writeGemini,
    count: { totalTokens: 42 },
    models: (id) => ({ models: [{ name: `models/${id}`, displayName: id }] }),
  },
  ollama: {
    model: "qwen3",
    read: readOllamaRequest,
    write: writeOllama,
    count: null,
    models: (id) => ({ models: [{ name: id, model: id }] }),
  },
  "openai-completions": {
    model: "gpt-3.5-turbo-instruct",
    read: readCompletionsRequest,
    write: writeCompletions,
    count: null,
    models: openaiModels,
  },
  "openai-chat": { model: "gpt-4o", read: readChatRequest, write: writeChat, count: null, models: openaiModels },
  "openai-responses": {
    model: "gpt-5",
    read: readResponsesRequest,
    write: writeResponses,
    count: { object: "response.input_tokens", input_tokens: 42 },
    models: openaiModels,
  },
};

/** Of streams that are no server-sent events. */
const STREAM_TYPES: Partial<Record<ChatDialect, string>> = { ollama: "application/x-ndjson" };

/** A call as a provider received it. */
export interface ProviderCall {
  dialect: SpokenDialect;
  asked: Asked;
  request: MockRequest;
  /** The answer that it was given. */
  answer: AnswerName | null;
}

/** The list of models of the provider whose dialect begins the path. */
export function listAnswer({ path }: MockRequest): Step[] {
  const wire = WIRES[path.split("/")[1] as SpokenDialect];
  return jsonAnswer(wire.models(wire.model));
}

/** One loopback server that is a provider of each dialect, below a path of its own. */
export interface Providers {
  mock: MockUpstream;
  /** Calls since the answers were last set. */
  calls: ProviderCall[];
  /** Answers to give, in turn; the last one stays. */
  answerWith(...names: AnswerName[]): void;
  /** Raw steps to give instead, to every call. */
  failWith(steps: Step[]): void;
}

/** Starts the providers. A request that the real API would refuse is answered with 400 and the reason. */
export async function startProviders(): Promise<Providers> {
  let names: AnswerName[] = ["text"];
  let raw: Step[] | null = null;
  const calls: ProviderCall[] = [];
  const mock = await startMockUpstream((request) => {
    const dialect = request.path.split("/")[1] as SpokenDialect;
    const wire = WIRES[dialect];
    if (raw !== null) return raw;
    try {
      const asked = wire.read(request.path, request.json);
      const isCount = /count[_-]?tokens|input_tokens/i.test(request.path);
      const answer = isCount ? null : names.length > 1 ? (names.shift() ?? "text") : (names[0] ?? "text");
      calls.push({ dialect, asked, request, answer });
      if (answer === null) return jsonAnswer(wire.count);
      const { whole, events } = wire.write(answerNamed(answer));
      return asked.stream ? streamAnswer(events, 0, STREAM_TYPES[dialect]) : jsonAnswer(whole);
    } catch (error) {
      return jsonAnswer({ error: { message: String(error), type: "invalid_request_error" } }, 400);
    }
  }, listAnswer);
  return {
    mock,
    calls,
    answerWith: (...next) => {
      names = next;
      raw = null;
      calls.length = 0;
    },
    failWith: (steps) => {
      raw = steps;
      calls.length = 0;
    },
  };
}
