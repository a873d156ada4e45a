import { targetMark } from "../../domain/balance/sticky-table.ts";
import type { Usage } from "../../canonical/usage.ts";
import type { RequestContext } from "../context.ts";
import { traceSticky, type StickySession } from "./sticky-session.ts";

const HOUR_MS = 3_600_000;

/** Remembers where the session was served, for its next turn, and tells the trace what became of it. */
export function rememberSession(context: RequestContext): void {
  const { sticky, served, error, arrival } = context;
  // A count warms no cache.
  if (sticky == null || arrival.operation === "count_tokens") return;
  const isServed = served !== null && (error === null || error.code === "client_aborted");
  if (isServed) remember(context, sticky, served);
  traceSticky(context);
}

function remember(
  context: RequestContext,
  session: StickySession,
  served: NonNullable<RequestContext["served"]>,
): void {
  const { usage, runtime, snapshot } = context;
  const cachedTokens = usage === null ? 0 : cachedOf(usage);
  const { entry } = session;
  if (!session.isWished && entry === null && cachedTokens === 0) return;
  const { provider, model, key } = served;
  const slot = snapshot.providers.get(provider)?.keys.find(({ data }) => data.name === key)?.data.slot;
  if (slot === undefined) return;
  const target = targetMark(provider, model);
  const isSame = entry !== null && entry.target === target && entry.key === slot;
  const now = runtime.clock.wall();
  const warmUntil = Math.max(now + ttlOf(context, session), isSame ? entry.warmUntil : 0);
  runtime.sessions.put(
    session,
    { target, key: slot, cachedTokens, outputTokens: usage?.outputTokens ?? 0, warmUntil },
    now,
  );
  if (entry !== null && entry.target !== target) session.note = { rank: 3, text: movedText(session, provider, model) };
}

/** What the next turn may read: what this one read, and what it wrote. */
function cachedOf({ cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens }: Usage): number {
  return cachedInputTokens + cacheWriteTokens + cacheWrite1hTokens;
}

function ttlOf({ snapshot, usage }: RequestContext, { ttlMs }: StickySession): number {
  const usual = ttlMs ?? snapshot.data.sticky.ttlMs;
  return (usage?.cacheWrite1hTokens ?? 0) > 0 ? Math.max(HOUR_MS, usual) : usual;
}

function movedText({ note }: StickySession, provider: string, model: string): string {
  const place = `moved to ${provider}/${model}`;
  return note?.rank === 2 ? `${note.text}; ${place}` : `${place}, the target before did not serve`;
}
