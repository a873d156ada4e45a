import type { Target } from "../../domain/route/data.ts";
import { targetMark } from "../../domain/balance/sticky-table.ts";
import type { RequestContext } from "../context.ts";
import type { ReadyKey } from "../provider-key.ts";
import { noteSticky, stickySession, traceSticky } from "./sticky-session.ts";

/**
 * Puts the key that served the session's last turn first: prompt caches belong to an account. A key that rests stays where
 * it is.
 */
export function stickKey(context: RequestContext, target: Target, ordered: readonly ReadyKey[]): readonly ReadyKey[] {
  return ordered.length < 2 ? ordered : stickOneOf(context, target, ordered);
}

function stickOneOf(
  context: RequestContext,
  { provider, model }: Target,
  ordered: readonly ReadyKey[],
): readonly ReadyKey[] {
  const session = stickySession(context, context.stickyMode ?? context.snapshot.data.sticky.mode);
  if (session?.entry == null || session.entry.target !== targetMark(provider, model)) return ordered;
  const { key: slot } = session.entry;
  const kept = ordered.find(({ data }) => data.slot === slot);
  if (kept === undefined || context.runtime.health.isResting(slot, context.runtime.clock.wall())) return ordered;
  noteSticky(session, 3, `kept ${provider}/${model}`);
  traceSticky(context);
  return [kept, ...ordered.filter((key) => key !== kept)];
}
