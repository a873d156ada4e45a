import type { JsonObject } from "../../canonical/json.ts";
import { readBifrost } from "./bifrost.ts";
import { readCloudflare } from "./cloudflare.ts";
import { flagAt, numberAt } from "./fields.ts";
import { emptyIntent, type RoutingIntent } from "./intent.ts";
import { fallbackTargets, isLitellm, readLitellm, readTags } from "./litellm.ts";
import { isOpenrouter, readOpenrouter } from "./openrouter.ts";
import { readPortkey } from "./portkey.ts";
import { readVercel, vercelOptions } from "./vercel.ts";

/** Headers by lower-case name. */
export interface HeaderFields {
  toJSON(): Record<string, string>;
}

/**
 * What a request says about its routing in the extensions of this and other gateways; null, for most: nothing. Throws
 * `invalid_request` for values of the wrong form.
 */
export function readIntent(headers: HeaderFields, body: JsonObject): RoutingIntent | null {
  const families = familiesOf(headers);
  const fallbacks = fallbackTargets(body["fallbacks"]);
  const vercel = "providerOptions" in body ? vercelOptions(body) : null;
  const tags = "metadata" in body;
  const hasBody = fallbacks !== null || vercel !== null || tags || isOpenrouter(body) || isLitellm(body);
  if (families === null && !hasBody) return null;
  const intent = emptyIntent();
  if (isOpenrouter(body)) readOpenrouter(body, intent);
  if (vercel !== null) readVercel(vercel, intent);
  if (isLitellm(body)) readLitellm(body, intent);
  if (tags) readTags(body, intent);
  if (fallbacks !== null) {
    intent.fallbacks = fallbacks;
    intent.taken.push({ field: "fallbacks", gateway: "trunkline" });
  }
  if (families !== null) readHeaders(families, intent);
  return intent;
}

function readHeaders(headers: Record<string, string>, intent: RoutingIntent): void {
  readCloudflare(headers, intent);
  readPortkey(headers, intent);
  readBifrost(headers, intent);
  intent.timeoutMs = numberAt(TIMEOUT, headers[TIMEOUT], 1, 86_400_000) ?? intent.timeoutMs;
  intent.isStrict = flagAt("x-trunkline-strict", headers["x-trunkline-strict"]) ?? intent.isStrict;
  intent.explains = flagAt("x-trunkline-explain", headers["x-trunkline-explain"]) ?? false;
}

const TIMEOUT = "x-trunkline-timeout-ms";
const FAMILY = /^(?:x-portkey-|cf-aig-|x-bf-|x-trunkline-(?:explain|strict|timeout-ms)$)/;

/** All headers, when there is one of a gateway's among them. */
function familiesOf(source: HeaderFields): Record<string, string> | null {
  const headers = source.toJSON();
  for (const name in headers) {
    const code = name.charCodeAt(0);
    if ((code === LOWER_X || code === LOWER_C) && FAMILY.test(name)) return headers;
  }
  return null;
}

const LOWER_C = 99;
const LOWER_X = 120;
