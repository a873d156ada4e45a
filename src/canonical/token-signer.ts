import { fetchToken, TokenCache, TokenError, type TokenGrant } from "../lib/oauth/index.ts";
import { GatewayError } from "./errors.ts";
import type { Credential, Signer, SignerName } from "./signer.ts";

/** How the calls of one credential are authorised: by a token that it is exchanged for, or by one that it is. */
export interface BearerSource {
  token: string | TokenGrant;
  /** Further headers of each call. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * A signer that writes `Authorization: Bearer TOKEN`. `read` makes sense of a credential, once for each; it throws a
 * `GatewayError` (`upstream_auth`) when that is incomplete.
 */
export function createTokenSigner(name: SignerName, read: (credential: Credential) => BearerSource): Signer {
  const cache = new TokenCache(fetchToken);
  const known = new WeakMap<Credential, BearerSource>();
  const sourceOf = (credential: Credential): BearerSource => {
    const source = known.get(credential) ?? read(credential);
    known.set(credential, source);
    return source;
  };
  return {
    name,
    sign: (_, credential, now) => {
      const source = sourceOf(credential);
      const token = typeof source.token === "string" ? source.token : tokenOf(cache, source.token, now);
      if (typeof token === "string") return headersOf(source, token);
      return token.then(
        (value) => headersOf(source, value),
        (error: unknown) => {
          throw failureOf(error);
        },
      );
    },
    refused: (credential, now) => {
      const { token } = sourceOf(credential);
      if (typeof token !== "string") cache.forget(token, now);
    },
  };
}

function headersOf({ headers }: BearerSource, token: string): Record<string, string> {
  return { ...headers, authorization: `Bearer ${token}` };
}

function tokenOf(cache: TokenCache, grant: TokenGrant, now: number): string | Promise<string> {
  try {
    return cache.get(grant, now);
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): GatewayError {
  if (!(error instanceof TokenError)) return new GatewayError("internal_error", "a token could not be fetched");
  return new GatewayError(error.kind === "refused" ? "upstream_auth" : "upstream_unreachable", error.message);
}
