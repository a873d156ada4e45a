import type { Json } from "../../canonical/json.ts";
import { hash } from "./seed.ts";
import { splitTokens, splitWords } from "./tokens.ts";

const ENCODER = new TextEncoder();

/** `logprobs` of a text: invented, but the same for the same token. `count` is the number of alternatives. */
export function logprobsOf(text: string, count: number): Json {
  return {
    content: splitWords(text)
      .flatMap(splitTokens)
      .map((token) => entryOf(token, count)),
    refusal: null,
  };
}

function entryOf(token: string, count: number): Json {
  const logprob = -(hash(token) % 1000) / 10_000;
  const others = Array.from({ length: count }, (_, rank) =>
    rank === 0 ? describe(token, logprob) : describe(`${token}~${rank}`, logprob - rank - 1),
  );
  return { ...describe(token, logprob), top_logprobs: others };
}

function describe(token: string, logprob: number): { token: string; logprob: number; bytes: number[] } {
  return { token, logprob, bytes: [...ENCODER.encode(token)] };
}
