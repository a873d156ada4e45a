import type { JsonObject } from "../../../src/canonical/json.ts";
import type { ChatDialect } from "../../../src/canonical/names.ts";
import { ANSWERS, type Answer } from "../../e2e/provider/answer.ts";
import { WIRES } from "../../e2e/provider/index.ts";
import { AI_GATEWAY_ANSWERS } from "./ai-gateway.ts";
import { CONVERSE_ANSWERS } from "./bedrock-converse.ts";
import { BEDROCK_TEXT_ANSWERS } from "./bedrock-text.ts";
import { COHERE_ANSWERS } from "./cohere.ts";
import type { InlineDialect, RequestsOfDialect } from "./case.ts";
import { OLLAMA_ANSWERS } from "./ollama.ts";
import { COMPLETIONS_ANSWERS } from "./openai-completions.ts";

/** An answer as providers of each dialect give it; a sentence where a dialect cannot. */
export interface AnswerCase {
  name: string;
  wire: Record<ChatDialect, JsonObject | string>;
  /** The same as the texts of stream events, where they are written by hand. */
  events?: Partial<Record<ChatDialect, string[]>>;
  /** Values that a client should see, where its dialect has a place for them. */
  facts: readonly (string | number)[];
}

const DIALECTS = Object.keys(WIRES) as ChatDialect[];

/** `cannot`: why some dialects cannot give it. */
function scripted(
  name: string,
  facts: AnswerCase["facts"],
  answer: Answer,
  cannot: Partial<Record<ChatDialect, string>> = {},
): AnswerCase {
  const able = DIALECTS.filter((dialect) => cannot[dialect] === undefined);
  const written = able.map((dialect) => [dialect, WIRES[dialect].write(answer)] as const);
  const wire = { ...cannot, ...Object.fromEntries(written.map(([dialect, { whole }]) => [dialect, whole])) };
  return {
    name,
    facts,
    wire: wire as AnswerCase["wire"],
    events: Object.fromEntries(written.map(([dialect, { events }]) => [dialect, events])),
  };
}

const HEAD = {
  chat: { id: "chatcmpl-1", object: "chat.completion", created: 1_760_000_000, model: "m" },
  responses: { id: "resp_1", object: "response", created_at: 1_760_000_000, model: "m", status: "completed" },
  messages: { id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null },
  gemini: { responseId: "r1", modelVersion: "m" },
};

const USAGE = {
  chat: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  responses: {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 14,
  },
  messages: { input_tokens: 9, output_tokens: 5 },
  gemini: { promptTokenCount: 9, candidatesTokenCount: 5, totalTokenCount: 14 },
};

const chat = (message: JsonObject, finish_reason = "stop", more: JsonObject = {}): JsonObject => ({
  ...HEAD.chat,
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason, ...more }],
  usage: USAGE.chat,
});
const responses = (output: JsonObject[], more: JsonObject = {}): JsonObject => ({
  ...HEAD.responses,
  output,
  usage: USAGE.responses,
  ...more,
});
const message = (content: JsonObject[]): JsonObject => ({
  type: "message",
  id: "msg_1",
  status: "completed",
  role: "assistant",
  content,
});
const messages = (content: JsonObject[], stop_reason = "end_turn", usage: JsonObject = USAGE.messages): JsonObject => ({
  ...HEAD.messages,
  content,
  stop_reason,
  usage,
});
const gemini = (parts: JsonObject[], more: JsonObject = {}, usage: JsonObject = USAGE.gemini): JsonObject => ({
  ...HEAD.gemini,
  candidates: [{ index: 0, content: { role: "model", parts }, finishReason: "STOP", ...more }],
  usageMetadata: usage,
});

const withoutUsage = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== "usage"));

const SAID = "Paris is sunny.";
const SITE = "https://example.com/weather";
const TOKEN = {
  token: "Paris",
  logprob: -0.125,
  bytes: [80],
  top_logprobs: [{ token: "Rome", logprob: -2.5, bytes: [82] }],
};
const PNG = "iVBORw0KGgoAAAANSUhEUg==";

/** An answer as it is written down here; those of other dialects stand in a file for each. */
interface InlineAnswer extends Omit<AnswerCase, "wire" | "events"> {
  wire: Record<InlineDialect, JsonObject | string>;
}

/** How the written answers look in dialects with a file of their own. */
const BY_DIALECT: Partial<Record<ChatDialect, RequestsOfDialect>> = {
  "ai-gateway": AI_GATEWAY_ANSWERS,
  "bedrock-converse": CONVERSE_ANSWERS,
  "bedrock-text": BEDROCK_TEXT_ANSWERS,
  cohere: COHERE_ANSWERS,
  ollama: OLLAMA_ANSWERS,
  "openai-completions": COMPLETIONS_ANSWERS,
};

function withOthers(it: InlineAnswer): AnswerCase {
  const more = Object.entries<RequestsOfDialect>(BY_DIALECT).flatMap(([dialect, answers]) => {
    const wire = answers[it.name];
    return wire === undefined ? [] : [[dialect, wire]];
  });
  return { ...it, wire: { ...it.wire, ...Object.fromEntries(more) } as AnswerCase["wire"] };
}

const WRITTEN: InlineAnswer[] = [
  {
    name: "citations",
    facts: [SAID, SITE, "Weather today"],
    wire: {
      "openai-chat": chat({
        content: SAID,
        annotations: [
          { type: "url_citation", url_citation: { url: SITE, title: "Weather today", start_index: 0, end_index: 15 } },
        ],
      }),
      "openai-responses": responses([
        message([
          {
            type: "output_text",
            text: SAID,
            annotations: [{ type: "url_citation", url: SITE, title: "Weather today", start_index: 0, end_index: 15 }],
          },
        ]),
      ]),
      "anthropic-messages": messages([
        {
          type: "text",
          text: SAID,
          citations: [
            {
              type: "web_search_result_location",
              url: SITE,
              title: "Weather today",
              cited_text: "sunny",
              encrypted_index: "Eo8B",
            },
          ],
        },
      ]),
      gemini: gemini([{ text: SAID }], {
        groundingMetadata: {
          webSearchQueries: ["weather paris"],
          groundingChunks: [{ web: { uri: SITE, title: "Weather today" } }],
          groundingSupports: [{ segment: { startIndex: 0, endIndex: 15, text: SAID }, groundingChunkIndices: [0] }],
        },
      }),
    },
  },
  {
    name: "logprobs",
    facts: ["Paris", -0.125, "Rome", -2.5],
    wire: {
      "openai-chat": chat({ content: "Paris" }, "stop", { logprobs: { content: [TOKEN], refusal: null } }),
      "openai-responses": responses([
        message([{ type: "output_text", text: "Paris", annotations: [], logprobs: [TOKEN] }]),
      ]),
      "anthropic-messages": "no probabilities",
      gemini: gemini([{ text: "Paris" }], {
        avgLogprobs: -0.125,
        logprobsResult: {
          chosenCandidates: [{ token: "Paris", tokenId: 1, logProbability: -0.125 }],
          topCandidates: [{ candidates: [{ token: "Rome", tokenId: 2, logProbability: -2.5 }] }],
        },
      }),
    },
  },
  {
    name: "two-candidates",
    facts: ["Paris", "Rome"],
    wire: {
      "openai-chat": {
        ...HEAD.chat,
        choices: ["Paris", "Rome"].map((content, index) => ({
          index,
          message: { role: "assistant", content },
          finish_reason: "stop",
        })),
        usage: USAGE.chat,
      },
      "openai-responses": "one answer",
      "anthropic-messages": "one answer",
      gemini: {
        ...HEAD.gemini,
        candidates: ["Paris", "Rome"].map((text, index) => ({
          index,
          content: { role: "model", parts: [{ text }] },
          finishReason: "STOP",
        })),
        usageMetadata: USAGE.gemini,
      },
    },
  },
  {
    name: "custom-tool-call",
    facts: ["run_code", "print(1)", "call_1"],
    wire: {
      "openai-chat": chat(
        {
          content: null,
          tool_calls: [{ id: "call_1", type: "custom", custom: { name: "run_code", input: "print(1)" } }],
        },
        "tool_calls",
      ),
      "openai-responses": responses(
        [
          {
            type: "custom_tool_call",
            id: "ctc_1",
            call_id: "call_1",
            name: "run_code",
            input: "print(1)",
            status: "completed",
          },
        ],
        { tools: [{ type: "custom", name: "run_code" }] },
      ),
      "anthropic-messages": "tools take JSON",
      gemini: "tools take JSON",
    },
  },
  {
    name: "search-by-the-provider",
    facts: [SAID, "weather paris"],
    wire: {
      "openai-chat": "it does not tell of its searches",
      "openai-responses": responses([
        {
          type: "web_search_call",
          id: "ws_1",
          status: "completed",
          action: { type: "search", query: "weather paris" },
        },
        message([{ type: "output_text", text: SAID, annotations: [] }]),
      ]),
      "anthropic-messages": messages(
        [
          { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "weather paris" } },
          {
            type: "web_search_tool_result",
            tool_use_id: "srvtoolu_1",
            content: [
              {
                type: "web_search_result",
                url: SITE,
                title: "Weather today",
                encrypted_content: "EqQB",
                page_age: null,
              },
            ],
          },
          { type: "text", text: SAID },
        ],
        "end_turn",
        { ...USAGE.messages, server_tool_use: { web_search_requests: 1 } },
      ),
      gemini: gemini([{ text: SAID }], { groundingMetadata: { webSearchQueries: ["weather paris"] } }),
    },
  },
  {
    name: "thoughts-out-of-sight",
    facts: [SAID],
    wire: {
      "openai-chat": chat({
        content: SAID,
        reasoning_details: [{ type: "reasoning.encrypted", data: "c2VjcmV0", format: "openai-responses-v1", index: 0 }],
      }),
      "openai-responses": responses([
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c2VjcmV0" },
        message([{ type: "output_text", text: SAID, annotations: [] }]),
      ]),
      "anthropic-messages": messages([
        { type: "redacted_thinking", data: "c2VjcmV0" },
        { type: "text", text: SAID },
      ]),
      gemini: gemini([{ text: SAID, thoughtSignature: "c2VjcmV0" }]),
    },
  },
  {
    name: "image",
    facts: [PNG],
    wire: {
      "openai-chat": chat({
        content: "",
        images: [{ type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }],
      }),
      "openai-responses": responses([
        { type: "image_generation_call", id: "ig_1", status: "completed", output_format: "png", result: PNG },
      ]),
      "anthropic-messages": "it draws nothing",
      gemini: gemini([{ inlineData: { mimeType: "image/png", data: PNG } }]),
    },
  },
  {
    name: "cache-writes",
    facts: [SAID],
    wire: {
      "openai-chat": {
        ...chat({ content: SAID }),
        usage: { ...USAGE.chat, prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 } },
      },
      "openai-responses": responses([message([{ type: "output_text", text: SAID, annotations: [] }])], {
        usage: { ...USAGE.responses, input_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 } },
      }),
      "anthropic-messages": messages([{ type: "text", text: SAID }], "end_turn", {
        input_tokens: 4,
        cache_read_input_tokens: 2,
        cache_creation_input_tokens: 3,
        cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 },
        output_tokens: 5,
      }),
      gemini: "it does not count writes to its cache",
    },
  },
  {
    name: "filtered",
    facts: [],
    wire: {
      "openai-chat": chat({ content: null }, "content_filter"),
      "openai-responses": responses([], { status: "incomplete", incomplete_details: { reason: "content_filter" } }),
      "anthropic-messages": messages([], "refusal"),
      gemini: {
        ...HEAD.gemini,
        promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
        usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
      },
    },
  },
  {
    name: "empty",
    facts: [],
    wire: {
      "openai-chat": chat({ content: "" }),
      "openai-responses": responses([]),
      "anthropic-messages": messages([]),
      gemini: {
        ...HEAD.gemini,
        candidates: [{ index: 0, content: { role: "model" }, finishReason: "STOP" }],
        usageMetadata: USAGE.gemini,
      },
    },
  },
  {
    name: "without-usage",
    facts: [SAID],
    wire: {
      "openai-chat": withoutUsage(chat({ content: SAID })),
      "openai-responses": responses([message([{ type: "output_text", text: SAID, annotations: [] }])], { usage: null }),
      "anthropic-messages": "always there",
      gemini: {
        ...HEAD.gemini,
        candidates: [{ content: { role: "model", parts: [{ text: SAID }] }, finishReason: "STOP" }],
      },
    },
  },
];

const { thought, calls } = ANSWERS;
const NO_CALLS = { "bedrock-text": "words alone" };

/** All answers of the matrix. */
export const ANSWER_CASES: readonly AnswerCase[] = [
  scripted("text", [ANSWERS.text.text], ANSWERS.text),
  scripted("parallel-calls", [calls.text, "call_paris_1", "call_sao_2", "get_weather"], calls, NO_CALLS),
  scripted("thought", [thought.thought.text, "get_weather"], thought, NO_CALLS),
  scripted("json", [ANSWERS.json.text], ANSWERS.json),
  scripted("refusal", [ANSWERS.refusal.refusal], ANSWERS.refusal),
  scripted("length", [ANSWERS.length.text], ANSWERS.length),
  ...WRITTEN.map(withOthers),
];
