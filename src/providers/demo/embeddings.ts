import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { RefusedRequest } from "./faults.ts";
import { hash } from "./seed.ts";
import { countTokens } from "./tokens.ts";

const DIMENSIONS = 256;
const MOST_TEXTS = 2048;
/** Letters of a word that count, so that `refund` and `refunded` are one. */
const STEM = 5;
/** Words that say nothing of what a text is about. */
const COMMON = new Set(
  "a an and are as at be but by can do does for from have how i in is it me my not of on or our please so that the this to was we what when where why will with you your".split(
    " ",
  ),
);

/** Answers `POST /embeddings`: texts are as alike as they have words in common. */
export function embeddings(body: Json): JsonObject {
  if (!isJsonObject(body)) throw new RefusedRequest("The body must be a JSON object.", "");
  const texts = textsOf(body["input"]);
  const data = texts.map((text, index) => ({ object: "embedding", index, embedding: encoded(text, body) }));
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { object: "list", data, model: body["model"] ?? "demo-embed", usage };
}

function textsOf(input: Json | undefined): string[] {
  const texts = Array.isArray(input) ? input : [input];
  if (texts.length <= MOST_TEXTS && texts.every((text) => typeof text === "string")) return texts;
  throw new RefusedRequest(`'input' must be a text, or a list of at most ${MOST_TEXTS}.`, "input");
}

/** OpenAI's clients ask for base64 of little-endian floats unless they are told otherwise. */
function encoded(text: string, { encoding_format: format }: JsonObject): Json {
  const vector = vectorOf(text);
  if (format !== "base64") return [...vector];
  return Buffer.from(vector.buffer).toString("base64");
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (COMMON.has(word)) continue;
    const key = hash(word.slice(0, STEM));
    const at = key % DIMENSIONS;
    vector[at] = (vector[at] ?? 0) + (key & 0x10000 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  return length === 0 ? vector : vector.map((value) => value / length);
}
