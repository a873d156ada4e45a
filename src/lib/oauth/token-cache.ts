import type { Token, TokenRequest } from "./fetch-token.ts";
import { TokenError } from "./token-error.ts";

/** How a credential becomes a token. */
export interface TokenGrant {
  /** Grants of the same id share a token. */
  id: string;
  /** The request at this time (Unix ms); throws a `TokenError` when the credential will not do. */
  request(now: number): TokenRequest;
}

/** A token is renewed this long before its end, while it still serves. */
const RENEWAL_MS = 300_000;
/** It is not sent any more this long before its end: the call takes time, and clocks differ. */
const MARGIN_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A token that is younger than this is not the reason why a call was refused. */
const YOUNG_MS = 60_000;

interface Entry {
  token: string | null;
  fetchedAt: number;
  renewAt: number;
  endsAt: number;
  pending: Promise<string> | null;
  failures: number;
  /** After a failure: no fetch before this. */
  retryAt: number;
  error: TokenError | null;
}

/**
 * Tokens until shortly before they expire. Requests that need one at the same time wait for one fetch; after a failed fetch
 * the next waits, a second at first, a minute at most, and what is asked meanwhile fails at once. Times are Unix ms.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private readonly fetchToken: (request: TokenRequest) => Promise<Token>;

  constructor(fetchToken: (request: TokenRequest) => Promise<Token>) {
    this.fetchToken = fetchToken;
  }

  /** The token; a promise only while one is being fetched. Throws or rejects with a `TokenError`. */
  get(grant: TokenGrant, now: number): string | Promise<string> {
    const entry = this.entries.get(grant.id) ?? this.add(grant.id, now);
    if (entry.token !== null && now < entry.endsAt) {
      if (now >= entry.renewAt && now >= entry.retryAt && entry.pending === null)
        this.fetch(entry, grant, now).catch(() => {});
      return entry.token;
    }
    if (entry.pending !== null) return entry.pending;
    if (entry.error !== null && now < entry.retryAt) throw entry.error;
    return this.fetch(entry, grant, now);
  }

  /** The token was refused where it was used: unless it is young, it is not handed out again. */
  forget({ id }: TokenGrant, now: number): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && now - entry.fetchedAt >= YOUNG_MS) entry.token = null;
  }

  private add(id: string, now: number): Entry {
    for (const [known, entry] of this.entries) if (isDone(entry, now)) this.entries.delete(known);
    const entry = {
      token: null,
      fetchedAt: 0,
      renewAt: 0,
      endsAt: 0,
      pending: null,
      failures: 0,
      retryAt: 0,
      error: null,
    };
    this.entries.set(id, entry);
    return entry;
  }

  private fetch(entry: Entry, grant: TokenGrant, now: number): Promise<string> {
    const started = performance.now();
    const pending = this.fetched(grant, now).then(
      (token) => accept(entry, token, now),
      (error: unknown) => fail(entry, error, now + performance.now() - started),
    );
    entry.pending = pending;
    return pending;
  }

  private async fetched(grant: TokenGrant, now: number): Promise<Token> {
    return this.fetchToken(grant.request(now));
  }
}

function isDone(entry: Entry, now: number): boolean {
  return entry.pending === null && now >= entry.endsAt && now >= entry.retryAt;
}

function accept(entry: Entry, { value, lifeMs }: Token, now: number): string {
  entry.token = value;
  entry.fetchedAt = now;
  entry.renewAt = now + lifeMs - Math.min(RENEWAL_MS, lifeMs / 2);
  entry.endsAt = now + lifeMs - Math.min(MARGIN_MS, lifeMs / 2);
  entry.pending = null;
  entry.failures = 0;
  entry.retryAt = 0;
  entry.error = null;
  return value;
}

function fail(entry: Entry, error: unknown, now: number): never {
  const known = error instanceof TokenError ? error : new TokenError("unavailable", "the token could not be fetched");
  entry.pending = null;
  entry.error = known;
  entry.retryAt = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** entry.failures);
  entry.failures += 1;
  throw known;
}
