import type { JsonObject } from "../../../src/canonical/json.ts";
import { USER, type RequestsOfDialect } from "./case.ts";

const plain = (more: JsonObject): JsonObject => ({ prompt: USER, ...more });

const ONE_TEXT = "one text, no conversation";
const TEXT_ALONE = "text alone";
const NO_TOOLS = "no tools";

/** CompletionCreateParams of openai 6.49. */
export const COMPLETIONS_REQUESTS: RequestsOfDialect = {
  text: plain({}),
  system: ONE_TEXT,
  "system-and-developer": ONE_TEXT,
  "multi-turn": ONE_TEXT,
  prefill: ONE_TEXT,
  "cache-markers": "caching is automatic",
  "image-url": TEXT_ALONE,
  "image-base64": TEXT_ALONE,
  "file-base64": TEXT_ALONE,
  "file-url": TEXT_ALONE,
  "file-text": TEXT_ALONE,
  "file-id": TEXT_ALONE,
  "audio-base64": TEXT_ALONE,
  "video-url": TEXT_ALONE,
  "tools-auto": NO_TOOLS,
  "tools-required": NO_TOOLS,
  "tools-forced": NO_TOOLS,
  "tools-none": NO_TOOLS,
  "tools-allowed": NO_TOOLS,
  "tools-one-at-a-time": NO_TOOLS,
  "tool-custom": NO_TOOLS,
  "tool-web-search": NO_TOOLS,
  "tools-and-search": NO_TOOLS,
  "tool-of-one-provider": NO_TOOLS,
  "tool-results": NO_TOOLS,
  "tool-result-error": NO_TOOLS,
  "tool-result-image": NO_TOOLS,
  "json-schema": "no formats",
  "json-object": "no formats",
  "reasoning-effort": "its models do not think",
  "reasoning-budget": "its models do not think",
  "reasoning-off": "its models do not think",
  "reasoning-state": "its models do not think",
  sampling: plain({ temperature: 0.25, top_p: 0.75 }),
  "top-k": "OpenAI has no top_k",
  "penalties-and-seed": plain({ presence_penalty: 0.125, frequency_penalty: 0.375, seed: 4242 }),
  stop: plain({ stop: ["END", "STOP"] }),
  "max-tokens": plain({ max_tokens: 777 }),
  "several-answers": plain({ n: 3 }),
  logprobs: plain({ logprobs: 2 }),
  verbosity: "no such option",
  "service-tier-and-user": plain({ user: "user-7" }),
  "conversation-at-the-provider": ONE_TEXT,
  "unknown-field": plain({ new_option: "of-the-future", echo: true, suffix: "in winter?" }),
};

const SAID = "Paris is sunny.";
const HEAD = { id: "cmpl-1", object: "text_completion", created: 1_760_000_000, model: "m" };
const USAGE = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 };

const choice = (text: string, more: JsonObject = {}): JsonObject => ({
  text,
  index: 0,
  logprobs: null,
  finish_reason: "stop",
  ...more,
});

const answer = (choices: JsonObject[], usage: JsonObject = USAGE): JsonObject => ({ ...HEAD, choices, usage });

/** Completion of openai 6.49. */
export const COMPLETIONS_ANSWERS: RequestsOfDialect = {
  citations: "it names no sources",
  logprobs: answer([
    choice("Paris", {
      logprobs: { tokens: ["Paris"], token_logprobs: [-0.125], top_logprobs: [{ Rome: -2.5 }], text_offset: [17] },
    }),
  ]),
  "two-candidates": answer([choice("Paris"), choice("Rome", { index: 1 })]),
  "custom-tool-call": NO_TOOLS,
  "search-by-the-provider": NO_TOOLS,
  "thoughts-out-of-sight": "its models do not think",
  image: TEXT_ALONE,
  "cache-writes": answer([choice(SAID)], {
    ...USAGE,
    prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 },
  }),
  filtered: answer([choice("", { finish_reason: "content_filter" })]),
  empty: answer([choice("")]),
  "without-usage": { ...HEAD, choices: [choice(SAID)] },
};
