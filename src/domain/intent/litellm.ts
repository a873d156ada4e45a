import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { cannotHonour, namesAt, numberAt, refuse, nameAt } from "./fields.ts";
import type { IntentTarget, RoutingIntent } from "./intent.ts";

const FIELDS = [
  "num_retries",
  "timeout",
  "stream_timeout",
  "mock_response",
  "mock_testing_fallbacks",
  "request_timeout",
  "litellm_session_id",
] as const;

/** True for a body with a field of LiteLLM's beside `fallbacks`. */
export function isLitellm(body: JsonObject): boolean {
  return (
    "num_retries" in body ||
    "timeout" in body ||
    "mock_response" in body ||
    "stream_timeout" in body ||
    "request_timeout" in body ||
    "litellm_session_id" in body
  );
}

/** Reads LiteLLM's fields: https://docs.litellm.ai/docs/proxy/reliability and …/user_keys */
export function readLitellm(body: JsonObject, intent: RoutingIntent): void {
  for (const field of FIELDS) if (field in body) intent.taken.push({ field, gateway: "litellm" });
  const retries = numberAt("num_retries", body["num_retries"], 0, 100);
  if (retries !== null) intent.maxRetries = Math.floor(retries);
  const seconds = numberAt("timeout", body["timeout"] ?? body["request_timeout"], 0.001, 86_400);
  if (seconds !== null) intent.timeoutMs = seconds * 1000;
  const first = numberAt("stream_timeout", body["stream_timeout"], 0.001, 86_400);
  if (first !== null) intent.firstByteTimeoutMs = first * 1000;
  const mock = body["mock_response"];
  if (mock != null) intent.mockResponse = typeof mock === "string" ? mock : refuse("mock_response", "a text");
  if (body["mock_testing_fallbacks"] != null)
    cannotHonour(intent, "litellm", "mock_testing_fallbacks", "not offered here");
}

/** Tags within a body's `metadata`, which LiteLLM's users route by. */
export function readTags(body: JsonObject, intent: RoutingIntent): void {
  const { metadata } = body;
  if (!isJsonObject(metadata) || !Array.isArray(metadata["tags"])) return;
  intent.tags.push(...(namesAt("metadata.tags", metadata["tags"]) ?? []));
}

/** Fallbacks as texts, or as objects with provider and model (LiteLLM, Bifrost); null: the field is somebody else's. */
export function fallbackTargets(value: Json | undefined): IntentTarget[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  if (!value.every((each) => typeof each === "string" || isTarget(each))) return null;
  if (value.length > 16) return refuse("fallbacks", `a list of at most 16, got ${value.length}`);
  return value.map((each, at) => targetOf(each, `fallbacks[${at}]`));
}

function isTarget(value: Json | undefined): value is JsonObject {
  return (
    isJsonObject(value) &&
    typeof value["model"] === "string" &&
    Object.keys(value).every((key) => TARGET_FIELDS.has(key))
  );
}

const TARGET_FIELDS = new Set(["model", "provider", "key_id", "provider_key_name"]);

function targetOf(value: Json | undefined, param: string): IntentTarget {
  if (!isJsonObject(value)) return { model: nameAt(param, value) ?? refuse(param, "a model"), weight: 1 };
  const model = nameAt(`${param}.model`, value["model"]) ?? refuse(`${param}.model`, "a model");
  const provider = nameAt(`${param}.provider`, value["provider"]);
  const key = nameAt(`${param}.provider_key_name`, value["provider_key_name"] ?? value["key_id"]);
  return { model, weight: 1, ...(provider !== null && { provider }), ...(key !== null && { key }) };
}
