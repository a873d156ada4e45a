import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { cannotHonour, flagAt, nameAt, namesAt, numberAt, objectAt, refuse } from "./fields.ts";
import type { RoutingIntent } from "./intent.ts";

/** Fields of a body that are OpenRouter's: https://openrouter.ai/docs/api-reference/chat-completion */
const FIELDS = [
  "models",
  "provider",
  "route",
  "plugins",
  "preset",
  "transforms",
  "session_id",
  "trace",
  "usage",
] as const;

const SORTS: Readonly<Record<string, RoutingIntent["sort"]>> = {
  price: "price",
  throughput: "throughput",
  latency: "latency",
};

/** Wishes about providers that nothing here can tell of a provider. */
const UNKNOWN = [
  "data_collection",
  "zdr",
  "enforce_distillable_text",
  "quantizations",
  "preferred_min_throughput",
  "preferred_max_latency",
  "options",
] as const;

/** True for a body with a field of OpenRouter's. */
export function isOpenrouter(body: JsonObject): boolean {
  return (
    Array.isArray(body["models"]) ||
    "provider" in body ||
    "route" in body ||
    "plugins" in body ||
    "preset" in body ||
    "transforms" in body ||
    typeof body["session_id"] === "string" ||
    isUsageWish(body["usage"])
  );
}

/** `usage: { include: true }`: a request, never an answer, is asked for its cost. */
function isUsageWish(usage: Json | undefined): boolean {
  return isJsonObject(usage) && typeof usage["include"] === "boolean";
}

/** Reads OpenRouter's fields: https://openrouter.ai/docs/features/provider-routing and …/model-routing */
export function readOpenrouter(body: JsonObject, intent: RoutingIntent): void {
  for (const field of FIELDS) if (field in body) intent.taken.push({ field, gateway: "openrouter" });
  const models = namesAt("models", body["models"]);
  if (models !== null) intent.fallbacks = models.map((model) => ({ model, weight: 1 }));
  for (const field of ["route", "plugins", "preset", "transforms"]) {
    const value = body[field];
    if (value == null || value === "fallback" || (Array.isArray(value) && value.length === 0)) continue;
    cannotHonour(intent, "openrouter", field, "OpenRouter's own service, not offered here");
  }
  if (isJsonObject(body["usage"]) && body["usage"]["include"] === true)
    cannotHonour(intent, "openrouter", "usage.include", "the cost stands in x-trunkline-cost and on the record");
  const provider = objectAt("provider", body["provider"]);
  if (provider !== null) readProvider(provider, intent);
}

function readProvider(provider: JsonObject, intent: RoutingIntent): void {
  intent.order = (namesAt("provider.order", provider["order"]) ?? []).map(baseSlug);
  intent.only = namesAt("provider.only", provider["only"])?.map(baseSlug) ?? null;
  intent.ignore = (namesAt("provider.ignore", provider["ignore"]) ?? []).map(baseSlug);
  intent.allowFallbacks = flagAt("provider.allow_fallbacks", provider["allow_fallbacks"]) ?? true;
  intent.isStrict = flagAt("provider.require_parameters", provider["require_parameters"]) ?? false;
  intent.sort = sortOf(provider["sort"], intent);
  intent.maxPrice = maxPriceOf(provider["max_price"], intent);
  for (const field of UNKNOWN) {
    const value = provider[field];
    if (value == null || value === false || value === "allow") continue;
    cannotHonour(
      intent,
      "openrouter",
      `provider.${field}`,
      "not known of the providers here: limit them with `provider.only`",
    );
  }
}

/** A slug may name a region or variant behind a slash: our providers have none. */
function baseSlug(slug: string): string {
  return slug.split("/", 1)[0] ?? slug;
}

function sortOf(value: Json | undefined, intent: RoutingIntent): RoutingIntent["sort"] {
  if (value == null) return null;
  const by = typeof value === "string" ? value : nameAt("provider.sort.by", objectAt("provider.sort", value)?.["by"]);
  if (by === "exacto") {
    cannotHonour(intent, "openrouter", "provider.sort", "providers are not ranked by the quality of their tool calls");
    return null;
  }
  return (by === null ? null : SORTS[by]) ?? refuse("provider.sort", "price, throughput or latency");
}

function maxPriceOf(value: Json | undefined, intent: RoutingIntent): RoutingIntent["maxPrice"] {
  const prices = objectAt("provider.max_price", value);
  if (prices === null) return null;
  const input = numberAt("provider.max_price.prompt", prices["prompt"], 0, 1e6);
  const output = numberAt("provider.max_price.completion", prices["completion"], 0, 1e6);
  for (const field of ["request", "image", "audio"]) {
    if (prices[field] != null)
      cannotHonour(intent, "openrouter", `provider.max_price.${field}`, "only prompt and completion are compared");
  }
  return { ...(input !== null && { input }), ...(output !== null && { output }) };
}

/** Suffixes of a model's name that sort providers: https://openrouter.ai/docs/features/provider-routing#nitro-shortcut */
const SUFFIXES: Readonly<Record<string, RoutingIntent["sort"]>> = { ":nitro": "throughput", ":floor": "price" };

/** The model without a sorting suffix, and the sort that it asks for; null when it has none. */
export function sortSuffix(model: string): { model: string; sort: RoutingIntent["sort"] } | null {
  const colon = model.lastIndexOf(":");
  if (colon <= 0) return null;
  const suffix = model.slice(colon);
  const sort = Object.hasOwn(SUFFIXES, suffix) ? SUFFIXES[suffix] : undefined;
  return sort === undefined ? null : { model: model.slice(0, colon), sort };
}
