import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { cannotHonour, jsonHeader, nameAt, numberAt, objectAt, refuse } from "./fields.ts";
import type { IntentTarget, RoutingIntent } from "./intent.ts";

type Headers = Readonly<Record<string, string>>;

const MAX_DEPTH = 4;
/** What a config or one of its targets may say that has no counterpart here. */
const UNKNOWN = [
  "api_key",
  "custom_host",
  "forward_headers",
  "input_guardrails",
  "output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
] as const;

/** Reads Portkey's headers: https://portkey.ai/docs/api-reference/inference-api/headers and …/config-object */
export function readPortkey(headers: Headers, intent: RoutingIntent): void {
  intent.provider = providerOf(nameAt("x-portkey-provider", headers["x-portkey-provider"])) ?? intent.provider;
  intent.timeoutMs =
    numberAt("x-portkey-request-timeout", headers["x-portkey-request-timeout"], 1, 86_400_000) ?? intent.timeoutMs;
  const metadata = jsonHeader("x-portkey-metadata", headers["x-portkey-metadata"]);
  Object.assign(intent.metadata, metadata);
  if (typeof metadata?.["_user"] === "string") intent.endUser = metadata["_user"];
  if (headers["x-portkey-cache-force-refresh"] !== undefined)
    cannotHonour(intent, "portkey", "x-portkey-cache-force-refresh", "answers are not cached");
  const text = headers["x-portkey-config"];
  if (text === undefined) return;
  if (!text.trimStart().startsWith("{")) {
    cannotHonour(
      intent,
      "portkey",
      "x-portkey-config",
      "saved configs are not known here: send the config as JSON, or use an alias",
    );
    return;
  }
  readConfig(jsonHeader("x-portkey-config", text) ?? {}, "x-portkey-config", intent);
}

function readConfig(config: JsonObject, place: string, intent: RoutingIntent): void {
  readCommon(config, place, intent);
  intent.provider = providerOf(nameAt(`${place}.provider`, config["provider"])) ?? intent.provider;
  if (config["targets"] == null) return;
  const { chain, isWeighted } = targetsOf(config, place, intent, 0);
  if (isWeighted) intent.targets = chain;
  else {
    intent.targets = chain.slice(0, 1);
    intent.fallbacks = chain.slice(1);
  }
}

function readCommon(config: JsonObject, place: string, intent: RoutingIntent): void {
  const retry = objectAt(`${place}.retry`, config["retry"]);
  const attempts = numberAt(`${place}.retry.attempts`, retry?.["attempts"], 0, 5);
  if (attempts !== null) intent.maxRetries = Math.floor(attempts);
  intent.timeoutMs = numberAt(`${place}.request_timeout`, config["request_timeout"], 1, 86_400_000) ?? intent.timeoutMs;
  Object.assign(intent.overrides, objectAt(`${place}.override_params`, config["override_params"]));
  if (config["cache"] != null) cannotHonour(intent, "portkey", `${place}.cache`, "answers are not cached");
  for (const field of UNKNOWN) {
    if (config[field] != null)
      cannotHonour(intent, "portkey", `${place}.${field}`, "set it in the gateway's configuration");
  }
}

interface Chain {
  chain: IntentTarget[];
  /** Drawn by weight, the rest as fallbacks; else tried in order. */
  isWeighted: boolean;
}

function targetsOf(config: JsonObject, place: string, intent: RoutingIntent, depth: number): Chain {
  if (depth > MAX_DEPTH) return refuse(`${place}.targets`, `nested at most ${MAX_DEPTH} deep`);
  const list = config["targets"];
  if (!Array.isArray(list) || list.length === 0 || list.length > 16)
    return refuse(`${place}.targets`, "a list of 1 to 16 targets");
  const mode =
    nameAt(`${place}.strategy.mode`, objectAt(`${place}.strategy`, config["strategy"])?.["mode"]) ?? "single";
  if (mode === "conditional")
    cannotHonour(
      intent,
      "portkey",
      `${place}.strategy`,
      "conditions belong into routing rules: the first target is used",
    );
  const chains = list.map((target, at) => targetOf(target, `${place}.targets[${at}]`, intent, depth));
  const used = mode === "fallback" || mode === "loadbalance" ? chains : chains.slice(0, 1);
  return { chain: used.flat(), isWeighted: mode === "loadbalance" };
}

function targetOf(value: Json | undefined, place: string, intent: RoutingIntent, depth: number): IntentTarget[] {
  if (!isJsonObject(value)) return refuse(place, "an object");
  if (value["targets"] != null) return targetsOf(value, place, intent, depth + 1).chain;
  const provider = providerOf(nameAt(`${place}.provider`, value["provider"] ?? value["virtual_key"]));
  const parameters = objectAt(`${place}.override_params`, value["override_params"]) ?? {};
  const model = nameAt(`${place}.override_params.model`, parameters["model"]);
  const others = Object.keys(parameters).filter((key) => key !== "model");
  if (others.length > 0)
    cannotHonour(intent, "portkey", `${place}.override_params`, "of a single target only the model is taken");
  for (const field of UNKNOWN)
    if (value[field] != null)
      cannotHonour(intent, "portkey", `${place}.${field}`, "set it in the gateway's configuration");
  return [
    {
      weight: numberAt(`${place}.weight`, value["weight"], 0, 1e6) ?? 1,
      ...(provider !== null && { provider }),
      ...(model !== null && { model }),
    },
  ];
}

/** Saved providers are written `@name` or `@name/model`. */
function providerOf(name: string | null): string | null {
  return name?.startsWith("@") ? name.slice(1) : name;
}
