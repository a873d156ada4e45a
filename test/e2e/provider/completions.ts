import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** CompletionCreateParams of openai 6.49. */
const FIELDS = [
  ..."model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty".split(" "),
  ..."seed stop stream stream_options suffix temperature top_p user".split(" "),
];

/** Reads a completions request; throws what OpenAI would refuse. */
export function readCompletionsRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  demand((body.stop ?? []).length <= 4, "at most four stop sequences");
  demand((body.logprobs ?? 0) <= 5, "at most five log probabilities");
  demand(typeof body.prompt === "string" || Array.isArray(body.prompt), "a prompt");
  const asked = nothingAsked(body.model);
  asked.stream = body.stream === true;
  asked.maxTokens = body.max_tokens;
  say(asked, "user", [body.prompt].flat().join("\n"));
  return asked;
}

const HEAD = { id: "cmpl-1", object: "text_completion", created: 1_760_000_000, model: "host-model-2025" };
const ENDINGS = { stop: "stop", tool_calls: "stop", length: "length", filter: "content_filter" };

/** Writes an answer as OpenAI does: its words, and nothing else. */
export function writeCompletions(answer: Answer): WireAnswer {
  const text = answer.text ?? answer.refusal ?? "";
  const finish = ENDINGS[answer.ending];
  const choice = (piece: string, finish_reason: string | null): object => ({
    text: piece,
    index: 0,
    logprobs: null,
    finish_reason,
  });
  const { input, cached, output } = answer.usage;
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
  const chunk = (choices: object[], more: object = {}): string =>
    `data: ${JSON.stringify({ ...HEAD, choices, ...more })}\n\n`;
  return {
    whole: { ...HEAD, choices: [choice(text, finish)], usage },
    events: [
      ...pieces(text).map((piece) => chunk([choice(piece, null)])),
      chunk([choice("", finish)]),
      chunk([], { usage }),
      "data: [DONE]\n\n",
    ],
  };
}
