import { numberIn, type Json, type JsonObject } from "../../canonical/json.ts";

export { numberIn as numberOf, objectIn as objectOf, textIn as textOf } from "../../canonical/json.ts";

/** Name of this dialect: `POST /chat/completions` as OpenAI defines it and dozens of hosts extend it. */
export const CHAT = "openai-chat";

/** A message of a request or an answer. Every field may be missing, null or of another type than documented. */
export interface WireMessage extends JsonObject {
  role?: Json;
  content?: Json;
  name?: Json;
  refusal?: Json;
  /** DeepSeek, Moonshot, Z.ai, vLLM. */
  reasoning_content?: Json;
  /** Groq, OpenRouter, newer vLLM. */
  reasoning?: Json;
  /** OpenRouter: typed entries with signatures and encrypted state. */
  reasoning_details?: Json;
  tool_calls?: Json;
  tool_call_id?: Json;
  /** Before tools existed. */
  function_call?: Json;
  audio?: Json;
  /** OpenRouter and Vercel: images that the model made. */
  images?: Json;
  annotations?: Json;
  cache_control?: Json;
}

/** One entry of `choices`, whole (`message`) or streamed (`delta`). */
export interface WireChoice extends JsonObject {
  index?: Json;
  message?: Json;
  delta?: Json;
  finish_reason?: Json;
  logprobs?: Json;
}

/** A whole answer or one chunk of a streamed one. */
export interface WireAnswer extends JsonObject {
  id?: Json;
  object?: Json;
  created?: Json;
  model?: Json;
  choices?: Json;
  usage?: Json;
  service_tier?: Json;
  error?: Json;
}

/** Unix seconds of `created`; 0 when the host does not say. */
export function createdOf(value: unknown): number {
  return Math.floor(numberIn(value) ?? 0);
}

/** The fields that are not in `named`, or nothing. Leaves `__proto__` out, which no API has and which would be a trap. */
export function fieldsBeside(value: JsonObject, named: ReadonlySet<string>): JsonObject | undefined {
  let found: JsonObject | undefined;
  for (const key in value) {
    if (named.has(key) || key === "__proto__") continue;
    found ??= {};
    found[key] = value[key];
  }
  return found;
}

/** Copies fields, never `__proto__`, onto `target`; what is there already stays. */
export function addFields(target: JsonObject, fields: JsonObject | undefined): void {
  if (fields === undefined) return;
  for (const key in fields) {
    if (key !== "__proto__" && target[key] === undefined) target[key] = fields[key];
  }
}

/** Whether nothing stands in an object: Snowflake writes out all fields, calls and audio that were not made as well. */
export function isBlank(object: JsonObject): boolean {
  for (const key in object) {
    const value = object[key];
    if (value !== "" && value !== 0 && value !== null && value !== undefined) return false;
  }
  return true;
}
