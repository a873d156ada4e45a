import type { JsonObject } from "../../../src/canonical/json.ts";
import { SCHEMA, TOOLS, USER, type RequestsOfDialect } from "./case.ts";

const ASK = "What is this?";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SMALL_PNG = "iVBORw0KGgoAAAANSUhEUg==";

/** Its requests say whether to stream: they stream by default. */
function chat(messages: JsonObject[], more: JsonObject = {}): JsonObject {
  return { messages, stream: false, ...more };
}

const user = (content: string, more: JsonObject = {}): JsonObject => ({ role: "user", content, ...more });
const plain = (more: JsonObject): JsonObject => chat([user(USER)], more);

const call = (id: string, city: string): JsonObject => ({
  id,
  function: { name: "get_weather", arguments: { city, unit: "c" } },
});

const result = (id: string, content: string, more: JsonObject = {}): JsonObject => ({
  role: "tool",
  content,
  tool_name: "get_weather",
  tool_call_id: id,
  ...more,
});

const conversation = (results: JsonObject[]): JsonObject =>
  chat(
    [
      user(USER),
      { role: "assistant", content: "Let me look.", tool_calls: [call("call_1", "Paris"), call("call_2", "Rome")] },
      ...results,
    ],
    TOOLS["openai-chat"],
  );

/** ChatRequest of ollama/ollama, api/types.go. */
export const OLLAMA_REQUESTS: RequestsOfDialect = {
  text: plain({}),
  system: chat([{ role: "system", content: "Be brief." }, user(USER)]),
  "system-and-developer": "no developer",
  "multi-turn": chat([user("Bonjour"), { role: "assistant", content: "Salut !" }, user("Weather"), user("in Paris?")]),
  prefill: chat([user(USER), { role: "assistant", content: "It is" }]),
  "cache-markers": "caching is automatic",
  "image-url": "images come inline",
  "image-base64": chat([user(ASK, { images: [PNG] })]),
  "file-base64": "the API takes no files",
  "file-url": "the API takes no files",
  "file-text": "text files are text",
  "file-id": "the API takes no files",
  "audio-base64": "the API takes no sound",
  "video-url": "the API takes no film",
  "tools-auto": plain(TOOLS["openai-chat"]),
  "tools-required": "the model chooses",
  "tools-forced": "the model chooses",
  "tools-none": "the model chooses",
  "tools-allowed": "the model chooses",
  "tools-one-at-a-time": "the model chooses",
  "tool-custom": "tools take JSON",
  "tool-web-search": "search is an API of its own",
  "tools-and-search": "search is an API of its own",
  "tool-of-one-provider": "no tools of its own",
  "tool-results": conversation([result("call_1", "21 degrees"), result("call_2", "25 degrees")]),
  "tool-result-error": "errors are text",
  "tool-result-image": conversation([result("call_1", "", { images: [SMALL_PNG] }), result("call_2", "25 degrees")]),
  "json-schema": plain({ format: SCHEMA }),
  "json-object": plain({ format: "json" }),
  "reasoning-effort": plain({ think: "high" }),
  "reasoning-budget": "a level, no budget",
  "reasoning-off": plain({ think: false }),
  "reasoning-state": "thoughts have no state",
  sampling: plain({ options: { temperature: 0.25, top_p: 0.75 } }),
  "top-k": plain({ options: { top_k: 41 } }),
  "penalties-and-seed": plain({ options: { presence_penalty: 0.125, frequency_penalty: 0.375, seed: 4242 } }),
  stop: plain({ options: { stop: ["END", "STOP"] } }),
  "max-tokens": plain({ options: { num_predict: 777 } }),
  "several-answers": "one answer",
  logprobs: plain({ logprobs: true, top_logprobs: 2 }),
  verbosity: "no such option",
  "service-tier-and-user": "no such fields",
  "conversation-at-the-provider": "the client sends the whole conversation",
  "unknown-field": plain({ new_option: "of-the-future", options: { num_ctx: 8192 } }),
};

const SAID = "Paris is sunny.";

function answer(message: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    model: "m",
    created_at: "2025-10-09T08:53:20Z",
    message: { role: "assistant", ...message },
    done: true,
    done_reason: "stop",
    total_duration: 4_883_583_458,
    prompt_eval_count: 9,
    eval_count: 5,
    ...more,
  };
}

/** ChatResponse of ollama/ollama, api/types.go. */
export const OLLAMA_ANSWERS: RequestsOfDialect = {
  citations: "it names no sources",
  logprobs: answer(
    { content: "Paris" },
    {
      logprobs: [
        { token: "Paris", logprob: -0.125, bytes: [80], top_logprobs: [{ token: "Rome", logprob: -2.5, bytes: [82] }] },
      ],
    },
  ),
  "two-candidates": "one answer",
  "custom-tool-call": "tools take JSON",
  "search-by-the-provider": "search is an API of its own",
  "thoughts-out-of-sight": "thoughts have no state",
  image: answer({ content: "", images: [SMALL_PNG] }),
  "cache-writes": "it does not count its cache",
  filtered: "it filters nothing",
  empty: answer({ content: "" }),
  "without-usage": {
    model: "m",
    created_at: "2025-10-09T08:53:20Z",
    message: { role: "assistant", content: SAID },
    done: true,
    done_reason: "stop",
  },
};
