import { USER, type RequestsOfDialect } from "./case.ts";
import type { JsonObject } from "../../../src/canonical/json.ts";

const asked = (more: JsonObject = {}): JsonObject => ({ message: USER, ...more });

const WORDS_ALONE = "words alone";

/** Cases that need more than words. */
const MORE_THAN_WORDS = [
  ..."tools-auto tools-required tools-forced tools-none tools-allowed tools-one-at-a-time tool-custom".split(" "),
  ..."tool-web-search tools-and-search tool-of-one-provider tool-results tool-result-error tool-result-image".split(
    " ",
  ),
  ..."image-url image-base64 file-base64 file-url file-text file-id audio-base64 video-url".split(" "),
];

/** Requests to Command R, which says most of the families of text bodies. */
export const BEDROCK_TEXT_REQUESTS: RequestsOfDialect = {
  text: asked(),
  system: asked({ preamble: "Be brief." }),
  "system-and-developer": "one preamble, before the conversation",
  "multi-turn": asked({
    chat_history: [
      { role: "USER", message: "Bonjour" },
      { role: "CHATBOT", message: "Salut !" },
    ],
    message: "Weather\nin Paris?",
  }),
  prefill: "the last word is the user's",
  "cache-markers": "nothing is cached",
  "json-schema": "no structured output",
  "json-object": "no structured output",
  "reasoning-effort": "no reasoning",
  "reasoning-budget": "no reasoning",
  "reasoning-off": "no reasoning",
  "reasoning-state": "no reasoning",
  sampling: asked({ temperature: 0.25, p: 0.75 }),
  "top-k": asked({ k: 41 }),
  "penalties-and-seed": asked({ presence_penalty: 0.125, frequency_penalty: 0.375, seed: 4242 }),
  stop: asked({ stop_sequences: ["###"] }),
  "max-tokens": asked({ max_tokens: 321 }),
  "several-answers": "one answer",
  logprobs: "no probabilities",
  verbosity: "no such setting",
  "service-tier-and-user": "no such settings",
  "conversation-at-the-provider": "the provider keeps none",
  "unknown-field": asked({ raw_prompting: true }),
  ...Object.fromEntries(MORE_THAN_WORDS.map((name) => [name, WORDS_ALONE])),
};

const SAID = "Paris is sunny.";
const answer = (text: string, finish_reason = "COMPLETE"): JsonObject => ({
  response_id: "r-1",
  generation_id: "g-1",
  text,
  finish_reason,
});

/** Answers of Command R. */
export const BEDROCK_TEXT_ANSWERS: RequestsOfDialect = {
  citations: "no pages of the web",
  logprobs: "no probabilities",
  "two-candidates": "one answer",
  "custom-tool-call": WORDS_ALONE,
  "search-by-the-provider": "it does not search",
  "thoughts-out-of-sight": "no reasoning",
  image: WORDS_ALONE,
  "cache-writes": "nothing is cached",
  filtered: answer("", "ERROR_TOXIC"),
  empty: answer(""),
  "without-usage": answer(SAID),
};
