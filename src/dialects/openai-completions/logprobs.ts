import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { numberOf } from "./wire.ts";

/** As OpenAI writes a probability that it does not tell: the first token of an echoed prompt has none. */
const UNKNOWN = -9999;

/**
 * Decodes the lists of this wire (`tokens`, `token_logprobs`, `top_logprobs`) into the form of OpenAI chat. Undefined when
 * there are none.
 */
export function decodeLogprobs(wire: Json | undefined): JsonObject | undefined {
  const tokens = isJsonObject(wire) ? wire["tokens"] : undefined;
  if (!isJsonObject(wire) || !Array.isArray(tokens) || tokens.length === 0) return undefined;
  const chosen = listOf(wire["token_logprobs"]);
  const top = listOf(wire["top_logprobs"]);
  const content = tokens.map((token, at) => ({ ...tokenOf(token, chosen[at]), top_logprobs: alternatives(top[at]) }));
  return { content, refusal: null };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function tokenOf(token: Json, logprob: Json | undefined): JsonObject {
  const text = typeof token === "string" ? token : "";
  return { token: text, logprob: numberOf(logprob) ?? UNKNOWN, bytes: [...Buffer.from(text)] };
}

function alternatives(top: Json | undefined): Json[] {
  return isJsonObject(top) ? Object.entries(top).map(([token, logprob]) => tokenOf(token, logprob)) : [];
}

/** Encodes probabilities in the form of OpenAI chat as the lists of this wire; `offset`: where their text begins. */
export function encodeLogprobs(logprobs: Json | undefined, offset: number): JsonObject | null {
  const content = isJsonObject(logprobs) ? listOf(logprobs["content"]).filter(isJsonObject) : [];
  if (content.length === 0) return null;
  const tokens = content.map(({ token }) => (typeof token === "string" ? token : ""));
  let at = offset;
  return {
    tokens,
    token_logprobs: content.map(({ logprob }) => numberOf(logprob) ?? null),
    top_logprobs: content.map(({ top_logprobs: top }) => topOf(top)),
    text_offset: tokens.map((token) => (at += token.length) - token.length),
  };
}

function topOf(top: Json | undefined): JsonObject {
  const told: JsonObject = {};
  for (const entry of listOf(top).filter(isJsonObject)) {
    const { token, logprob } = entry;
    if (typeof token === "string" && token !== "__proto__") told[token] = numberOf(logprob) ?? null;
  }
  return told;
}
