import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { isEmpty, numberOf, objectOf } from "./wire.ts";

/** Entries of `options` that the canonical form has names for. */
export const OPTIONS = [
  ["temperature", "temperature"],
  ["top_p", "topP"],
  ["top_k", "topK"],
  ["seed", "seed"],
  ["presence_penalty", "presencePenalty"],
  ["frequency_penalty", "frequencyPenalty"],
] as const;

const NUMBERS: Readonly<Record<string, (typeof OPTIONS)[number][1]>> = Object.fromEntries(OPTIONS);

/**
 * Reads `options` (`Options` in `api/types.go`); what has no canonical name is returned: `num_ctx`, `min_p`,
 * `repeat_penalty` and the like. A negative `num_predict` sets no limit.
 */
export function decodeOptions(request: ChatRequest, value: Json): Json | undefined {
  const options = objectOf(value);
  if (options === undefined) return value;
  const kept: JsonObject = {};
  for (const key in options) {
    if (key !== "__proto__" && !readOption(request, key, options[key] ?? null)) kept[key] = options[key];
  }
  return isEmpty(kept) ? undefined : kept;
}

function readOption(request: ChatRequest, key: string, value: Json): boolean {
  const number = numberOf(value);
  const name = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
  if (name !== undefined && number !== undefined) {
    request[name] = number;
    return true;
  }
  if (key === "num_predict" && number !== undefined && number > 0) {
    request.maxOutputTokens = number;
    return true;
  }
  if (key !== "stop" || !Array.isArray(value) || !value.every((each) => typeof each === "string")) return false;
  request.stop = value;
  return true;
}

const LEVELS = ["low", "medium", "high", "max"] as const;

/** `think`: a boolean, or a level (`ThinkValue` in `api/types.go`). */
export function decodeThink(request: ChatRequest, value: Json): boolean {
  const level = LEVELS.find((each) => each === value);
  if (value === false) request.reasoning = { effort: "none" };
  else if (value === true) request.reasoning = { budgetTokens: -1 };
  else if (level !== undefined) request.reasoning = { effort: level };
  return typeof value === "boolean" || level !== undefined;
}

/** `format`: `json`, or a JSON Schema. */
export function decodeFormat(request: ChatRequest, value: Json): boolean {
  const schema = objectOf(value);
  if (value === "json") request.responseFormat = { type: "json_object" };
  else if (schema !== undefined) request.responseFormat = { type: "json_schema", schema };
  return value === "json" || schema !== undefined;
}
