import type { JsonObject } from "../../../src/canonical/json.ts";
import { SCHEMA, USER, type RequestsOfDialect } from "./case.ts";

const user = (content: string | JsonObject[]): JsonObject => ({ role: "user", content });
const plain = (more: JsonObject = {}): JsonObject => ({ messages: [user(USER)], ...more });

const tool = (name: string): JsonObject => ({
  type: "function",
  function: { name, description: "Weather of a city", parameters: SCHEMA },
});
const TOOLS = { tools: [tool("get_weather"), tool("get_time")] };

const call = (id: string, city: string): JsonObject => ({
  id,
  type: "function",
  function: { name: "get_weather", arguments: JSON.stringify({ city, unit: "c" }) },
});
const result = (tool_call_id: string, content: string | JsonObject[]): JsonObject => ({
  role: "tool",
  tool_call_id,
  content,
});

/** A call for two cities, with these results. */
const conversation = (...results: JsonObject[]): JsonObject => ({
  messages: [
    user(USER),
    { role: "assistant", tool_plan: "Let me look.", tool_calls: [call("call_1", "Paris"), call("call_2", "Rome")] },
    ...results,
  ],
  ...TOOLS,
});

const ASK = "What is this?";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const image = (url: string, more: JsonObject = {}): JsonObject => ({
  messages: [
    user([
      { type: "text", text: ASK },
      { type: "image_url", image_url: { url, ...more } },
    ]),
  ],
});

/** The requests of the matrix as clients of Cohere send them. */
export const COHERE_REQUESTS: RequestsOfDialect = {
  text: plain(),
  system: { messages: [{ role: "system", content: "Be brief." }, user(USER)] },
  "system-and-developer": "one system message, in front",
  "multi-turn": {
    messages: [
      user("Bonjour"),
      { role: "assistant", content: "Salut !" },
      user("Weather"),
      user([{ type: "text", text: "in Paris?" }]),
    ],
  },
  prefill: { messages: [user(USER), { role: "assistant", content: [{ type: "text", text: "It is" }] }] },
  "cache-markers": "caching is automatic",
  "image-url": image("https://example.com/cat.png"),
  "image-base64": image(`data:image/png;base64,${PNG}`, { detail: "low" }),
  "file-base64": "documents are text",
  "file-url": "documents are text",
  "file-text": {
    messages: [user(ASK)],
    documents: [{ id: "1", data: { title: "Notes", text: "Alice lives in Paris." } }],
  },
  "file-id": "documents are text",
  "audio-base64": "the API takes no sound",
  "video-url": "the API takes no film",
  "tools-auto": plain(TOOLS),
  "tools-required": plain({ ...TOOLS, tool_choice: "REQUIRED" }),
  "tools-forced": "any call can be forced, not a certain one",
  "tools-none": plain({ ...TOOLS, tool_choice: "NONE" }),
  "tools-allowed": "all tools or none",
  "tools-one-at-a-time": "calls are parallel",
  "tool-custom": "tools take JSON",
  "tool-web-search": "the API does not search",
  "tools-and-search": "the API does not search",
  "tool-of-one-provider": "the API has no tools of its own",
  "tool-results": conversation(
    result("call_1", "21 degrees"),
    result("call_2", [{ type: "document", document: { data: { text: "25 degrees" } } }]),
  ),
  "tool-result-error": "errors are text",
  "tool-result-image": "results are text",
  "json-schema": plain({ response_format: { type: "json_object", json_schema: SCHEMA } }),
  "json-object": plain({ response_format: { type: "json_object" } }),
  "reasoning-effort": "a budget, no effort",
  "reasoning-budget": plain({ thinking: { type: "enabled", token_budget: 4000 } }),
  "reasoning-off": plain({ thinking: { type: "disabled" } }),
  "reasoning-state": {
    messages: [
      user(USER),
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "They greet me." },
          { type: "text", text: "Salut !" },
        ],
      },
      user("Again?"),
    ],
  },
  sampling: plain({ temperature: 0.25, p: 0.75 }),
  "top-k": plain({ k: 41 }),
  "penalties-and-seed": plain({ presence_penalty: 0.125, seed: 4242 }),
  stop: plain({ stop_sequences: ["END", "STOP"] }),
  "max-tokens": plain({ max_tokens: 777 }),
  "several-answers": "one answer",
  logprobs: plain({ logprobs: true }),
  verbosity: "no such option",
  "service-tier-and-user": "no such fields",
  "conversation-at-the-provider": "the client sends the whole conversation",
  "unknown-field": plain({ new_option: "of-the-future" }),
};

const SAID = "Paris is sunny.";
const SITE = "https://example.com/weather";
const USAGE = {
  billed_units: { input_tokens: 9, output_tokens: 5 },
  tokens: { input_tokens: 509, output_tokens: 8 },
  cached_tokens: 448,
};

const answer = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: "c1",
  message: { role: "assistant", ...message },
  finish_reason: "COMPLETE",
  usage: USAGE,
  ...more,
});
const said = (text: string): JsonObject => ({ content: [{ type: "text", text }] });

/** The answers of the matrix as Cohere gives them. */
export const COHERE_ANSWERS: RequestsOfDialect = {
  citations: answer({
    ...said(SAID),
    citations: [
      {
        start: 0,
        end: 15,
        text: SAID,
        sources: [
          {
            type: "document",
            id: "doc:0",
            document: { id: "doc:0", url: SITE, title: "Weather today", text: "sunny" },
          },
        ],
        type: "TEXT_CONTENT",
      },
    ],
  }),
  logprobs: answer(said("Paris"), { logprobs: [{ text: "Paris", token_ids: [1], logprobs: [-0.125] }] }),
  "two-candidates": "one answer",
  "custom-tool-call": "tools take JSON",
  "search-by-the-provider": "the API does not search",
  "thoughts-out-of-sight": "thoughts are in sight",
  image: "it draws nothing",
  "cache-writes": "it does not count writes to its cache",
  filtered: answer({ content: [] }, { finish_reason: "ERROR_TOXIC" }),
  empty: answer({ content: [] }),
  "without-usage": Object.fromEntries(Object.entries(answer(said(SAID))).filter(([key]) => key !== "usage")),
};
