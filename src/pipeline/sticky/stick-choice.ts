import type { StickyMode } from "../../canonical/names.ts";
import { targetMark } from "../../domain/balance/sticky-table.ts";
import type { Choice, GroupPolicy, Target } from "../../domain/route/data.ts";
import { choice } from "../../domain/route/resolve.ts";
import type { RequestContext } from "../context.ts";
import { readTarget } from "../rank-targets.ts";
import { isResting } from "../target-turn.ts";
import { noteSticky, stickySession, type StickySession } from "./sticky-session.ts";
import { reasonToLeave } from "./reason-to-leave.ts";

/**
 * Puts the target that a session was served by last in front of the order that the group's policy made, while its prompt
 * cache is warm: unless it is set aside, or another one is better by more than the warm cache is worth.
 */
export function stickChoice(
  context: RequestContext,
  ordered: readonly Choice[],
  policy: GroupPolicy,
): readonly Choice[] {
  context.stickyMode ??= policy.sticky ?? null;
  return ordered.length < 2 ? ordered : stickOneOf(context, ordered, policy);
}

function stickOneOf(context: RequestContext, ordered: readonly Choice[], policy: GroupPolicy): readonly Choice[] {
  const session = stickySession(context, modeOf(context, policy));
  if (session === null) return ordered;
  const { entry } = session;
  if (entry === null) {
    if (session.isWished) noteSticky(session, 1, "begins");
    return ordered;
  }
  const kept = ordered.find(({ targets: [first] }) => first !== undefined && isServing(context, session, first));
  const target = kept?.targets[0];
  if (kept === undefined || target === undefined) {
    noteSticky(session, 1, "its target is not among these");
    return ordered;
  }
  const others = ordered.filter((each) => each !== kept);
  const name = `${target.provider}/${target.model}`;
  const reason = asideReason(context, target) ?? reasonToLeave({ context, entry, target, others, policy: policy.name });
  if (reason === null) noteSticky(session, 3, `kept ${name}`);
  else noteSticky(session, 2, `leaves ${name}: ${reason}`);
  return reason === null ? [kept, ...others] : [...others, kept];
}

/** The same for the providers that serve a bare model name. */
export function stickProvider(context: RequestContext, model: string, providers: readonly string[]): readonly string[] {
  if (providers.length < 2) return providers;
  const choices = providers.map((provider) => choice(1, [{ provider, model }]));
  const ordered = stickChoice(context, choices, { name: "weighted", slot: 0 });
  return ordered.flatMap(({ targets }) => targets.map(({ provider }) => provider));
}

/** Policies that say themselves where a session goes, or that one target is to be preferred, are only touched when told so. */
function modeOf({ snapshot }: RequestContext, { name, sticky }: GroupPolicy): StickyMode {
  if (name === "consistent_hash") return "off";
  const mode = sticky ?? snapshot.data.sticky.mode;
  return mode === "auto" && name === "priority" ? "off" : mode;
}

function isServing({ snapshot }: RequestContext, { entry }: StickySession, { provider, model, key }: Target): boolean {
  if (entry === null || targetMark(provider, model) !== entry.target) return false;
  return (
    key === undefined ||
    snapshot.providers.get(provider)?.keys.find(({ data }) => data.name === key)?.data.slot === entry.key
  );
}

/** As in `mustWait`, but without becoming a breaker's probe. */
function asideReason(context: RequestContext, target: Target): string | null {
  if (isResting(context, target, context.runtime.clock.wall())) return "all its keys rest";
  if (context.snapshot.slotOf(target).isShared) return null;
  return readTarget(context, target).isClosed ? null : "its breaker is open";
}
