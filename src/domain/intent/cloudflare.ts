import { cannotHonour, flagAt, jsonHeader, nameAt, numberAt } from "./fields.ts";
import type { RoutingIntent } from "./intent.ts";

type Headers = Readonly<Record<string, string>>;

const UNKNOWN = ["cf-aig-custom-cost", "cf-aig-no-wholesale", "cf-aig-otel-trace-id", "cf-aig-allowed-models"] as const;

/** Reads Cloudflare's headers: https://developers.cloudflare.com/ai-gateway/configuration/ */
export function readCloudflare(headers: Headers, intent: RoutingIntent): void {
  const attempts = numberAt("cf-aig-max-attempts", headers["cf-aig-max-attempts"], 1, 5);
  if (attempts !== null) intent.maxRetries = Math.floor(attempts) - 1;
  intent.firstByteTimeoutMs = numberAt("cf-aig-request-timeout", headers["cf-aig-request-timeout"], 1, 3_600_000);
  intent.key = nameAt("cf-aig-byok-alias", headers["cf-aig-byok-alias"]);
  Object.assign(intent.metadata, jsonHeader("cf-aig-metadata", headers["cf-aig-metadata"]));
  const providers = nameAt("cf-aig-allowed-providers", headers["cf-aig-allowed-providers"]);
  if (providers !== null) intent.only = providers.split(",").map((name) => name.trim());
  for (const name of ["cf-aig-retry-delay", "cf-aig-backoff"]) {
    if (headers[name] !== undefined)
      cannotHonour(intent, "cloudflare", name, "the provider's own backoff settings hold");
  }
  for (const name of UNKNOWN)
    if (headers[name] !== undefined) cannotHonour(intent, "cloudflare", name, "not offered here");
  for (const name of ["cf-aig-zdr", "cf-aig-skip-cache"]) {
    if (flagAt(name, headers[name]) === true && name === "cf-aig-zdr")
      cannotHonour(
        intent,
        "cloudflare",
        name,
        "not known of the providers here: limit them with cf-aig-allowed-providers",
      );
  }
  if (headers["cf-aig-cache-ttl"] !== undefined)
    cannotHonour(intent, "cloudflare", "cf-aig-cache-ttl", "answers are not cached");
}
