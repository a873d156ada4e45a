import { readBoundedText } from "../bounded-text.ts";
import { TokenError } from "./token-error.ts";

/** A form to post to a token endpoint. */
export interface TokenRequest {
  url: string;
  form: Readonly<Record<string, string>>;
}

export interface Token {
  value: string;
  lifeMs: number;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** For endpoints that do not say how long a token lives, which they should (RFC 6749, 5.1). */
const ASSUMED_LIFE_S = 300;

/** RFC 6749, 5.2: the words that may be repeated to others. */
const KNOWN_ERRORS = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
]);

/** Fetches a token (RFC 6749, 5) within 10 seconds, following no redirect. Rejects with a `TokenError`. */
export async function fetchToken({ url, form }: TokenRequest): Promise<Token> {
  const { status, body } = await post(url, form);
  if (status >= 200 && status <= 299) return tokenOf(body);
  if (status < 400 || status > 499 || status === 408 || status === 429)
    throw new TokenError("unavailable", `the token endpoint answered with status ${status}`);
  const { error } = fieldsOf(body);
  const word = typeof error === "string" && KNOWN_ERRORS.has(error) ? `, ${error}` : "";
  throw new TokenError("refused", `the token endpoint refused the credential (status ${status}${word})`);
}

async function post(url: string, form: TokenRequest["form"]): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams(form).toString(),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: await readBoundedText(answer, MAX_BYTES) };
  } catch {
    throw new TokenError("unavailable", "the token endpoint could not be reached");
  }
}

function tokenOf(body: string): Token {
  const { access_token: value, expires_in: stated = ASSUMED_LIFE_S } = fieldsOf(body);
  const seconds = Number(stated);
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value) || !(seconds > 0))
    throw new TokenError("unavailable", "the token endpoint answered without a token");
  return { value, lifeMs: seconds * 1000 };
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
