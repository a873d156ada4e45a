import { isJsonObject } from "../../canonical/json.ts";
import type { StickyMode } from "../../canonical/names.ts";
import type { StickyEntry, StickyKey } from "../../domain/balance/sticky-table.ts";
import type { RequestContext } from "../context.ts";
import { cacheWishOf } from "../session/opening.ts";
import { sessionOf, type SessionId } from "../session/session-id.ts";

/** A request's session, as far as it stays where it was served. */
export interface StickySession extends StickyKey {
  /** Where its id stood; the id itself is not kept. */
  source: string;
  /** Where it was served last; null: nowhere, or the cache there has gone cold. */
  entry: StickyEntry | null;
  /** Remembered after any answer; false: after one that shows cached tokens. */
  isWished: boolean;
  /** How long a cache that the request asks for stays warm, milliseconds; null: as usual. */
  ttlMs: number | null;
  /** What became of it, in the group of targets that has the most to say. */
  note: StickyNote | null;
  /** What the trace has of that. */
  traced: string;
}

export interface StickyNote {
  rank: 1 | 2 | 3;
  text: string;
}

const HOUR_MS = 3_600_000;

/**
 * The session that a choice of targets or keys may go by; null: none. Worked out once a request, and only for chats with
 * something to choose.
 */
export function stickySession(context: RequestContext, mode: StickyMode): StickySession | null {
  if (mode === "off" || context.chatRequest === null || context.arrival.socket !== null) return null;
  if (context.sticky === undefined) context.sticky = open(context);
  if (context.sticky !== null && mode === "on") context.sticky.isWished = true;
  return context.sticky;
}

/** Notes what became of the session, unless another group has said more. */
export function noteSticky(session: StickySession, rank: StickyNote["rank"], text: string): void {
  if ((session.note?.rank ?? 0) < rank) session.note = { rank, text };
}

/** Tells the trace what became of the session, unless it knows. */
export function traceSticky({ sticky, trace }: RequestContext): void {
  if (sticky?.note == null || sticky.note.text === sticky.traced) return;
  sticky.traced = sticky.note.text;
  trace.push({ step: "sticky", result: `${sticky.source}: ${sticky.traced}` });
}

function open(context: RequestContext): StickySession | null {
  const id = sessionOf(context);
  if (id === null) return null;
  const key = keyOf(context, id);
  const wish = cacheWishOf(context.chat);
  const statedMs = statedTtl(context);
  return {
    ...key,
    source: id.source,
    entry: context.runtime.sessions.find(key, context.arrival.wall),
    isWished: id.isNamed || wish !== "none" || statedMs !== null,
    ttlMs: wish === "1h" ? Math.max(HOUR_MS, statedMs ?? 0) : statedMs,
    note: null,
    traced: "",
  };
}

const STATED_MS: Readonly<Record<string, number>> = { "30m": 1_800_000, "1h": HOUR_MS, "24h": 86_400_000 };

/** OpenAI's `prompt_cache_retention` and `prompt_cache_options.ttl`: https://platform.openai.com/docs/guides/prompt-caching */
function statedTtl({ arrival }: RequestContext): number | null {
  const { prompt_cache_retention: retention, prompt_cache_options: options } = arrival.body.json;
  const stated = isJsonObject(options) ? (options["ttl"] ?? retention) : retention;
  return typeof stated === "string" ? (STATED_MS[stated] ?? null) : null;
}

/** A caller and a model apart, so that two tenants never meet; under a secret of this process, so that nobody makes them. */
function keyOf({ caller, call, runtime }: RequestContext, { source, text }: SessionId): StickyKey {
  const parts = JSON.stringify([runtime.secret, caller?.data.id ?? "", call.model, source, text]);
  const hash = Bun.hash.wyhash(parts, 0n);
  return { low: Number(BigInt.asIntN(32, hash)), high: Number(BigInt.asIntN(32, hash >> 32n)) };
}
