import type { JsonObject } from "../../../src/canonical/json.ts";
import { SCHEMA, USER, type RequestsOfDialect } from "./case.ts";

const PARIS = { city: "Paris", unit: "c" };
const ROME = { city: "Rome", unit: "c" };
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SMALL_PNG = "iVBORw0KGgoAAAANSUhEUg==";
const PDF = "JVBERi0xLjQKJeLjz9MK";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEA";
const SECRET = "c2VjcmV0LXN0YXRl";
const SAID = "Paris is sunny.";

const user = (...content: JsonObject[]): JsonObject => ({ role: "user", content });
const assistant = (...content: JsonObject[]): JsonObject => ({ role: "assistant", content });

/** One user message, with more fields. */
const plain = (fields: JsonObject = {}): JsonObject => ({ messages: [user({ text: USER })], ...fields });
const medium = (block: JsonObject): JsonObject => ({ messages: [user({ text: "What is this?" }, block)] });

const TOOLS = ["get_weather", "get_time"].map((name) => ({
  toolSpec: { name, description: "Weather of a city", inputSchema: { json: SCHEMA } },
}));
const withTools = (toolChoice: JsonObject): JsonObject => plain({ toolConfig: { tools: TOOLS, toolChoice } });

/** A conversation with two parallel calls and these results. */
const conversation = (...results: JsonObject[]): JsonObject => ({
  messages: [
    user({ text: USER }),
    assistant(
      { text: "Let me look." },
      { toolUse: { toolUseId: "call_1", name: "get_weather", input: PARIS } },
      { toolUse: { toolUseId: "call_2", name: "get_weather", input: ROME } },
    ),
    user(...results.map((toolResult) => ({ toolResult }))),
  ],
  toolConfig: { tools: TOOLS },
});
const WARM: JsonObject = { toolUseId: "call_2", content: [{ text: "25 degrees" }] };

/** The requests of the matrix as clients of Converse send them. */
export const CONVERSE_REQUESTS: RequestsOfDialect = {
  text: plain(),
  system: plain({ system: [{ text: "Be brief." }] }),
  "system-and-developer": {
    system: [{ text: "Be brief." }, { text: "Speak French." }],
    messages: [
      user({ text: USER }),
      assistant({ text: "Il fait beau." }),
      { role: "system", content: [{ text: "Now English." }] },
      user({ text: "Again?" }),
    ],
  },
  "multi-turn": {
    messages: [
      user({ text: "Bonjour" }),
      assistant({ text: "Salut !" }),
      user({ text: "Weather" }, { text: "in Paris?" }),
    ],
  },
  prefill: { messages: [user({ text: USER }), assistant({ text: "It is" })] },
  "cache-markers": {
    system: [{ text: "A long document." }, { cachePoint: { type: "default", ttl: "1h" } }],
    messages: [user({ text: USER }, { cachePoint: { type: "default" } })],
  },
  "image-url": "images come inline or from S3",
  "image-base64": medium({ image: { format: "png", source: { bytes: PNG } } }),
  "file-base64": medium({ document: { format: "pdf", name: "a", source: { bytes: PDF } } }),
  "file-url": "documents come inline or from S3",
  "file-text": medium({
    document: {
      format: "txt",
      name: "Notes",
      source: { text: "Alice lives in Paris." },
      citations: { enabled: true },
    },
  }),
  "file-id": "there are no files of the API's own",
  "audio-base64": medium({ audio: { format: "wav", source: { bytes: WAV } } }),
  "video-url": "videos come inline or from S3",
  "tools-auto": withTools({ auto: {} }),
  "tools-required": withTools({ any: {} }),
  "tools-forced": withTools({ tool: { name: "get_time" } }),
  "tools-none": "tools that are there may be called",
  "tools-allowed": "a choice of all tools or one",
  "tools-one-at-a-time": "no such switch",
  "tool-custom": "tools take JSON",
  "tool-web-search": plain({ toolConfig: { tools: [{ systemTool: { name: "nova_grounding" } }] } }),
  "tools-and-search": plain({ toolConfig: { tools: [{ systemTool: { name: "nova_grounding" } }, ...TOOLS] } }),
  "tool-of-one-provider": plain({ toolConfig: { tools: [{ systemTool: { name: "nova_code_interpreter" } }] } }),
  "tool-results": conversation({ toolUseId: "call_1", content: [{ json: { weather: "21 degrees" } }] }, WARM),
  "tool-result-error": conversation(
    { toolUseId: "call_1", content: [{ text: "no such city" }], status: "error" },
    { ...WARM, status: "success" },
  ),
  "tool-result-image": conversation(
    { toolUseId: "call_1", content: [{ image: { format: "png", source: { bytes: SMALL_PNG } } }] },
    WARM,
  ),
  "json-schema": plain({
    outputConfig: {
      textFormat: {
        type: "json_schema",
        structure: { jsonSchema: { schema: JSON.stringify(SCHEMA), name: "place" } },
      },
    },
  }),
  "json-object": "a schema or nothing",
  "reasoning-effort": plain({
    additionalModelRequestFields: { thinking: { type: "adaptive" } },
    outputConfig: { effort: "high" },
  }),
  "reasoning-budget": plain({
    inferenceConfig: { maxTokens: 8000 },
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 4000 } },
  }),
  "reasoning-off": plain({ additionalModelRequestFields: { thinking: { type: "disabled" } } }),
  "reasoning-state": {
    messages: [
      user({ text: USER }),
      assistant(
        { reasoningContent: { reasoningText: { text: "They greet me.", signature: SECRET } } },
        { text: "Salut !" },
      ),
      user({ text: "Again?" }),
    ],
    inferenceConfig: { maxTokens: 8000 },
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 4000 } },
  },
  sampling: plain({ inferenceConfig: { temperature: 0.25, topP: 0.75 } }),
  "top-k": plain({ additionalModelRequestFields: { top_k: 41 } }),
  "penalties-and-seed": plain({
    additionalModelRequestFields: { presence_penalty: 0.125, frequency_penalty: 0.375, seed: 4242 },
  }),
  stop: plain({ inferenceConfig: { stopSequences: ["END", "STOP"] } }),
  "max-tokens": plain({ inferenceConfig: { maxTokens: 777 } }),
  "several-answers": "one answer",
  logprobs: "no probabilities",
  verbosity: "no such option",
  "service-tier-and-user": plain({ serviceTier: { type: "flex" }, requestMetadata: { team: "ml" } }),
  "conversation-at-the-provider": "the client sends the whole conversation",
  "unknown-field": plain({ performanceConfig: { latency: "of-the-future" } }),
};

const USAGE = { inputTokens: 9, outputTokens: 5, totalTokens: 14 };

const answer = (content: JsonObject[], stopReason = "end_turn", usage: JsonObject = USAGE): JsonObject => ({
  output: { message: { role: "assistant", content } },
  stopReason,
  usage,
  metrics: { latencyMs: 551 },
});

/** The written answers of the matrix as Bedrock gives them. */
export const CONVERSE_ANSWERS: RequestsOfDialect = {
  citations: answer([
    {
      citationsContent: {
        content: [{ text: SAID }],
        citations: [
          {
            title: "Weather today",
            sourceContent: [{ text: "sunny" }],
            location: { web: { url: "https://example.com/weather", domain: "example.com" } },
          },
        ],
      },
    },
  ]),
  logprobs: "no probabilities",
  "two-candidates": "one answer",
  "custom-tool-call": "tools take JSON",
  "search-by-the-provider": answer([
    {
      toolUse: {
        toolUseId: "st_1",
        name: "nova_grounding",
        type: "server_tool_use",
        input: { query: "weather paris" },
      },
    },
    {
      toolResult: {
        toolUseId: "st_1",
        type: "nova_grounding_result",
        status: "success",
        content: [{ json: { found: 1 } }],
      },
    },
    { text: SAID },
  ]),
  "thoughts-out-of-sight": answer([{ reasoningContent: { redactedContent: "c2VjcmV0" } }, { text: SAID }]),
  image: answer([{ image: { format: "png", source: { bytes: SMALL_PNG } } }]),
  "cache-writes": answer([{ text: SAID }], "end_turn", {
    inputTokens: 4,
    outputTokens: 5,
    totalTokens: 14,
    cacheReadInputTokens: 2,
    cacheWriteInputTokens: 3,
    cacheDetails: [
      { ttl: "1h", inputTokens: 2 },
      { ttl: "5m", inputTokens: 1 },
    ],
  }),
  filtered: answer([], "content_filtered"),
  empty: answer([]),
  "without-usage": "always there",
};
