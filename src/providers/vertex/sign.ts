import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { GatewayError } from "../../canonical/errors.ts";
import type { Credential } from "../../canonical/signer.ts";
import { createTokenSigner, type BearerSource } from "../../canonical/token-signer.ts";
import { isTokenUrl } from "../../lib/oauth/index.ts";
import { readCredential, type GoogleCredential } from "./credential.ts";

const TOKEN_URL = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** The longest that Google takes. */
const ASSERTION_LIFE_S = 3600;

/** Google's OAuth 2.0: https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
export const googleOauth = createTokenSigner("google-oauth", googleSource);

/** What the calls of a credential are authorised by. */
export function googleSource(credential: Credential): BearerSource {
  const read = readCredential(credential);
  if (read.type === "token") return { token: read.token };
  return read.type === "service_account" ? accountSource(read) : userSource(read);
}

/** A JWT that the account's key signs is exchanged for a token (RFC 7523, 2.1). */
function accountSource(account: Extract<GoogleCredential, { type: "service_account" }>): BearerSource {
  const { email, tokenUri: url = TOKEN_URL } = account;
  if (!isTokenUrl(url)) throw new GatewayError("upstream_auth", "the service account's token_uri is not https");
  const key = readKey(account.privateKey);
  const head = { alg: "RS256", typ: "JWT", ...(account.keyId !== undefined && { kid: account.keyId }) };
  return {
    token: {
      id: JSON.stringify([url, email, account.privateKey]),
      request: (now) => {
        const iat = Math.floor(now / 1000);
        const claims = { iss: email, scope: SCOPE, aud: url, iat, exp: iat + ASSERTION_LIFE_S };
        const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt(head, claims, key) };
        return { url, form };
      },
    },
  };
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new GatewayError("upstream_auth", "the service account's private_key is no PEM key");
  }
}

function jwt(head: object, claims: object, key: KeyObject): string {
  const text = `${encode(JSON.stringify(head))}.${encode(JSON.stringify(claims))}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** https://developers.google.com/identity/protocols/oauth2/web-server#offline */
function userSource(user: Extract<GoogleCredential, { type: "authorized_user" }>): BearerSource {
  const { clientId, clientSecret, refreshToken, quotaProject } = user;
  const form = {
    grant_type: "refresh_token",
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  };
  return {
    token: { id: JSON.stringify([clientId, refreshToken]), request: () => ({ url: TOKEN_URL, form }) },
    ...(quotaProject !== undefined && { headers: { "x-goog-user-project": quotaProject } }),
  };
}
