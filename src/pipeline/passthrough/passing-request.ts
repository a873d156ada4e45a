import { GatewayError } from "../../canonical/errors.ts";
import type { AuthScheme } from "../../canonical/provider.ts";
import type { HeaderSource } from "../../domain/identity/credential.ts";
import { renderHeaders, type OpenBody } from "../../lib/http-client/index.ts";
import type { RequestContext } from "../context.ts";
import type { ReadyKey } from "../provider-key.ts";
import type { ReadyProvider } from "../provider.ts";
import { cleanQuery } from "./clean-path.ts";
import type { Passing } from "./passing.ts";
import type { PassingRequest } from "./passing-call.ts";
import { requestHeaders } from "./passing-headers.ts";

/** A request as it is to reach a provider, but for credentials. */
export interface Passed {
  method: string;
  /** Checked, below the base URL. */
  path: string;
  query: string;
  body: Uint8Array | OpenBody | null;
  /** The client's. */
  headers: HeaderSource;
  /** Of a body that is not the client's. */
  contentType?: string;
}

/** A request with the provider's credential in place of the caller's. A body that is still open cannot be signed. */
export async function passingRequest(
  context: RequestContext,
  { data: { manifest, network } }: ReadyProvider,
  key: ReadyKey,
  { method, path: below, query: asked, body, headers: client, contentType }: Passed,
): Promise<PassingRequest> {
  const query = cleanQuery(asked, credentialNames(key.auth));
  const isBeside = manifest.besidePaths?.some((beside) => below.startsWith(beside)) === true;
  const path = key.pathOf(query === "" ? below : `${below}?${query}`, isBeside ? { basePath: "" } : {});
  const headers = key.passingHeaders({
    ...requestHeaders(client, key.auth.type === "header" ? [key.auth.name] : []),
    ...(contentType !== undefined && { "content-type": contentType }),
  });
  const signed = await signature(context, key, {
    method,
    host: key.origin.host,
    path,
    headers,
    body: body instanceof Uint8Array ? body : "",
  });
  const request = {
    origin: key.origin,
    method,
    path,
    headers: renderHeaders({ ...headers, ...signed }),
    body,
    connectTimeoutMs: network.connectTimeoutMs,
    firstByteTimeoutMs: network.firstByteTimeoutMs,
    idleTimeoutMs: network.idleTimeoutMs,
    maxBodyBytes: Infinity,
  };
  return { request, authorization: signed };
}

type Unsigned = Parameters<NonNullable<ReturnType<RequestContext["runtime"]["signers"]["get"]>>["sign"]>[0];
type Signed = Record<string, string>;

function signature(
  { runtime }: RequestContext,
  { auth, credential }: ReadyKey,
  call: Unsigned,
): Signed | Promise<Signed> {
  if (auth.type !== "signed") return {};
  const signer = runtime.signers.get(auth.signer);
  if (signer === undefined) throw new GatewayError("internal_error", `signer ${auth.signer} is not installed`);
  return signer.sign(call, credential, runtime.clock.wall());
}

/**
 * An address that a provider answers with, so that it leads through the gateway; undefined: it is none of that provider's own
 * origin.
 */
export function passingAddress(
  { origin, provider }: Pick<Passing, "origin" | "provider">,
  key: ReadyKey,
  address: string,
): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.host !== key.origin.host) return undefined;
  const query = cleanQuery(url.search.slice(1), credentialNames(key.auth));
  return `${origin}/passthrough/${encodeURIComponent(provider)}${url.pathname}${query === "" ? "" : `?${query}`}`;
}

/** Where a caller could put a credential of its own in the query. */
function credentialNames(auth: AuthScheme): string[] {
  return auth.type === "query" ? [auth.name.toLowerCase()] : ["key", "api_key", "api-key", "access_token"];
}
