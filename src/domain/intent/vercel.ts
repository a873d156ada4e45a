import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { cannotHonour, nameAt, namesAt, objectAt, refuse } from "./fields.ts";
import type { RoutingIntent } from "./intent.ts";

const SORTS: Readonly<Record<string, RoutingIntent["sort"]>> = { cost: "price", ttft: "latency", tps: "throughput" };

const UNKNOWN = [
  "has",
  "byok",
  "caching",
  "zeroDataRetention",
  "disallowPromptTraining",
  "providerTimeouts",
  "serviceTier",
  "quotaEntityId",
] as const;

/** The gateway's options in a body; null: none. */
export function vercelOptions(body: JsonObject): JsonObject | null {
  const options = body["providerOptions"];
  return isJsonObject(options) ? objectAt("providerOptions.gateway", options["gateway"]) : null;
}

/** Reads `providerOptions.gateway`: https://vercel.com/docs/ai-gateway/provider-options */
export function readVercel(options: JsonObject, intent: RoutingIntent): void {
  intent.taken.push({ field: "providerOptions", gateway: "vercel" });
  readGatewayOptions(options, intent);
}

/** The options themselves, wherever they stood. */
export function readGatewayOptions(options: JsonObject, intent: RoutingIntent): void {
  const at = (field: string): string => `providerOptions.gateway.${field}`;
  intent.order = namesAt(at("order"), options["order"]) ?? intent.order;
  intent.only = namesAt(at("only"), options["only"]) ?? intent.only;
  const models = namesAt(at("models"), options["models"]);
  if (models !== null) intent.fallbacks = models.map((model) => ({ model, weight: 1 }));
  const sort = nameAt(at("sort"), options["sort"]);
  if (sort !== null) intent.sort = SORTS[sort] ?? refuse(at("sort"), "cost, ttft or tps");
  intent.endUser = nameAt(at("user"), options["user"]) ?? intent.endUser;
  intent.tags.push(...(namesAt(at("tags"), options["tags"]) ?? []));
  for (const field of UNKNOWN) {
    const value = options[field];
    if (value != null && value !== false) cannotHonour(intent, "vercel", at(field), "not offered here");
  }
}
