import type { JsonObject } from "../../../src/canonical/json.ts";
import { SCHEMA, USER, type RequestsOfDialect } from "./case.ts";

const ASK = "What is this?";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SMALL_PNG = "iVBORw0KGgoAAAANSUhEUg==";
const PDF = "JVBERi0xLjQKJcOkw7zDtsOfCg==";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEA";
const SECRET = "c2VjcmV0LXN0YXRlLysrLy8rPT0x";

const text = (words: string, more: JsonObject = {}): JsonObject => ({ type: "text", text: words, ...more });
const user = (...parts: JsonObject[]): JsonObject => ({ role: "user", content: parts });
const assistant = (...parts: JsonObject[]): JsonObject => ({ role: "assistant", content: parts });
const system = (content: string, more: JsonObject = {}): JsonObject => ({ role: "system", content, ...more });
const plain = (more: JsonObject = {}): JsonObject => ({ prompt: [user(text(USER))], ...more });
const medium = (data: string, mediaType: string, more: JsonObject = {}): JsonObject => ({
  prompt: [user(text(ASK), { type: "file", data, mediaType, ...more })],
});

const EPHEMERAL = { providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } };
const LONG_EPHEMERAL = { providerOptions: { anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } } };

const TOOLS = ["get_weather", "get_time"].map((name) => ({
  type: "function",
  name,
  description: "Weather of a city",
  inputSchema: SCHEMA,
}));
const SEARCH = { type: "provider", id: "anthropic.web_search_20250305", name: "web_search", args: {} };

const withTools = (more: JsonObject = {}): JsonObject => plain({ tools: TOOLS, ...more });

const call = (id: string, city: string): JsonObject => ({
  type: "tool-call",
  toolCallId: id,
  toolName: "get_weather",
  input: { city, unit: "c" },
});

const result = (id: string, output: JsonObject): JsonObject => ({
  type: "tool-result",
  toolCallId: id,
  toolName: "get_weather",
  output,
});

const conversation = (...outputs: JsonObject[]): JsonObject => ({
  prompt: [
    user(text(USER)),
    assistant(text("Let me look."), call("call_1", "Paris"), call("call_2", "Rome")),
    { role: "tool", content: outputs.map((output, at) => result(`call_${at + 1}`, output)) },
  ],
  tools: TOOLS,
});
const WARM = { type: "text", value: "25 degrees" };

/** LanguageModelV3CallOptions of @ai-sdk/provider 3.0. */
export const AI_GATEWAY_REQUESTS: RequestsOfDialect = {
  text: plain(),
  system: { prompt: [system("Be brief."), user(text(USER))] },
  "system-and-developer": "no developer",
  "multi-turn": {
    prompt: [user(text("Bonjour")), assistant(text("Salut !")), user(text("Weather")), user(text("in Paris?"))],
  },
  prefill: { prompt: [user(text(USER)), assistant(text("It is"))] },
  "cache-markers": { prompt: [system("A long document.", LONG_EPHEMERAL), user(text(USER, EPHEMERAL))] },
  "image-url": medium("https://example.com/a.png", "image/png"),
  "image-base64": medium(`data:image/png;base64,${PNG}`, "image/png"),
  "file-base64": medium(`data:application/pdf;base64,${PDF}`, "application/pdf", { filename: "a.pdf" }),
  "file-url": medium("https://example.com/a.pdf", "application/pdf"),
  "file-text": "text files come as bytes",
  "file-id": "ids come in version 4",
  "audio-base64": medium(`data:audio/wav;base64,${WAV}`, "audio/wav"),
  "video-url": medium("https://example.com/a.mp4", "video/mp4"),
  "tools-auto": withTools({ toolChoice: { type: "auto" } }),
  "tools-required": withTools({ toolChoice: { type: "required" } }),
  "tools-forced": withTools({ toolChoice: { type: "tool", toolName: "get_time" } }),
  "tools-none": withTools({ toolChoice: { type: "none" } }),
  "tools-allowed": "a choice of all tools or one",
  "tools-one-at-a-time": withTools({ providerOptions: { openai: { parallelToolCalls: false } } }),
  "tool-custom": "tools take JSON",
  "tool-web-search": plain({ tools: [SEARCH] }),
  "tools-and-search": plain({ tools: [SEARCH, ...TOOLS] }),
  "tool-of-one-provider": plain({
    tools: [{ type: "provider", id: "openai.code_interpreter", name: "code_interpreter", args: {} }],
  }),
  "tool-results": conversation({ type: "text", value: "21 degrees" }, WARM),
  "tool-result-error": conversation({ type: "error-text", value: "no such city" }, WARM),
  "tool-result-image": conversation(
    { type: "content", value: [{ type: "image-data", data: SMALL_PNG, mediaType: "image/png" }] },
    WARM,
  ),
  "json-schema": plain({ responseFormat: { type: "json", name: "place", schema: SCHEMA } }),
  "json-object": plain({ responseFormat: { type: "json" } }),
  "reasoning-effort": plain({ providerOptions: { openai: { reasoningEffort: "high" } } }),
  "reasoning-budget": plain({
    maxOutputTokens: 9000,
    providerOptions: { anthropic: { thinking: { type: "enabled", budgetTokens: 4000 } } },
  }),
  "reasoning-off": plain({ providerOptions: { anthropic: { thinking: { type: "disabled" } } } }),
  "reasoning-state": {
    prompt: [
      user(text(USER)),
      assistant(
        { type: "reasoning", text: "A greeting.", providerOptions: { anthropic: { signature: SECRET } } },
        text("Salut !"),
      ),
      user(text("Again?")),
    ],
  },
  sampling: plain({ temperature: 0.25, topP: 0.75 }),
  "top-k": plain({ topK: 41 }),
  "penalties-and-seed": plain({ presencePenalty: 0.125, frequencyPenalty: 0.375, seed: 4242 }),
  stop: plain({ stopSequences: ["END", "STOP"] }),
  "max-tokens": plain({ maxOutputTokens: 777 }),
  "several-answers": "one answer",
  logprobs: "no such option",
  verbosity: plain({ providerOptions: { openai: { textVerbosity: "low" } } }),
  "service-tier-and-user": plain({ providerOptions: { openai: { serviceTier: "flex", user: "user-7" } } }),
  "conversation-at-the-provider": "the client sends the whole conversation",
  "unknown-field": plain({
    newOption: "of-the-future",
    providerOptions: { xai: { searchParameters: { mode: "auto" } } },
  }),
};

const SAID = "Paris is sunny.";
const SITE = "https://weather.example/paris";

function answer(content: JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    content,
    finishReason: { unified: "stop", raw: "stop" },
    usage: {
      inputTokens: { total: 9, noCache: 9, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 5, text: 5, reasoning: 0 },
    },
    warnings: [],
    response: { id: "r_1", modelId: "m", timestamp: "2025-10-09T08:53:20.000Z" },
    ...more,
  };
}

/** LanguageModelV3GenerateResult of @ai-sdk/provider 3.0. */
export const AI_GATEWAY_ANSWERS: RequestsOfDialect = {
  citations: answer([
    text(SAID),
    { type: "source", sourceType: "url", id: "source-0", url: SITE, title: "Weather today" },
  ]),
  logprobs: "no probabilities",
  "two-candidates": "one answer",
  "custom-tool-call": "tools take JSON",
  "search-by-the-provider": answer([
    {
      type: "tool-call",
      toolCallId: "srvtoolu_1",
      toolName: "web_search",
      input: '{"query":"weather paris"}',
      providerExecuted: true,
    },
    text(SAID),
  ]),
  "thoughts-out-of-sight": answer([
    { type: "reasoning", text: "", providerMetadata: { anthropic: { redactedData: SECRET } } },
    text(SAID),
  ]),
  image: answer([{ type: "file", mediaType: "image/png", data: SMALL_PNG }]),
  "cache-writes": answer([text(SAID)], {
    usage: {
      inputTokens: { total: 120, noCache: 20, cacheRead: 64, cacheWrite: 36 },
      outputTokens: { total: 5, text: 5, reasoning: 0 },
    },
  }),
  filtered: answer([], { finishReason: { unified: "content-filter", raw: "content_filter" } }),
  empty: answer([]),
  "without-usage": {
    content: [text(SAID)],
    finishReason: { unified: "stop", raw: "stop" },
    usage: { inputTokens: {}, outputTokens: {} },
    warnings: [],
  },
};
