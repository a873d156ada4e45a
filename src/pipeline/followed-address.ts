import { GatewayError } from "../canonical/errors.ts";
import { compileGlobs } from "../lib/glob.ts";
import { parseOrigin, type Origin } from "../lib/http-client/index.ts";
import type { ReadyKey } from "./provider-key.ts";
import type { ReadyProvider } from "./provider.ts";

/** Where a call goes: a path at the key's own host, or an address that the provider's last answer named. */
export interface Place {
  origin: Origin;
  path: string;
}

/**
 * The place of a whole address in a provider's answer. The credential goes there too: it must be at the host that the
 * provider's calls go to anyway, or, by https, at one that the manifest names. Throws `provider_protocol_error` for any other.
 */
export function followedAddress(address: string, provider: ReadyProvider, key: ReadyKey): Place {
  const url = URL.parse(address);
  if (url === null || url.username !== "" || url.password !== "") throw elsewhere(provider, "what is no address");
  if (`${url.protocol}//${url.host}` !== key.origin.key && !isNamed(url, provider)) throw elsewhere(provider, url.host);
  return { origin: parseOrigin(url.origin), path: url.pathname + url.search };
}

function isNamed({ protocol, port, hostname }: URL, { data }: ReadyProvider): boolean {
  return protocol === "https:" && port === "" && compileGlobs(data.manifest.followHosts ?? []).test(hostname);
}

function elsewhere({ data }: ReadyProvider, where: string): GatewayError {
  return new GatewayError(
    "provider_protocol_error",
    `provider ${data.name} leads on to ${where}, which is none of its own`,
  );
}
