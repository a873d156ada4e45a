import type { ErrorCode, GatewayError } from "../canonical/errors.ts";
import { readQuota } from "../domain/balance/quota.ts";
import type { Target } from "../domain/route/data.ts";
import type { HeaderList } from "../lib/http-client/index.ts";
import type { RequestContext } from "./context.ts";

/** An upstream call as the health of its target follows it. */
export interface TargetWatch {
  slot: number;
  isShared: boolean;
  /** Place of its key in the health of keys. */
  keySlot: number;
  /** Monotonic. */
  started: number;
  /** Monotonic; null until then, and for answers that are not streamed. */
  firstContent: number | null;
  begunClosed: boolean;
}

/** Failures that are the target's own: not the request's, not the client's, not the credential's. */
const TARGET_FAULTS: ReadonlySet<ErrorCode> = new Set([
  "upstream_unreachable",
  "upstream_error",
  "upstream_timeout",
  "upstream_truncated",
  "provider_protocol_error",
]);
const GIVEN_UP: ReadonlySet<ErrorCode> = new Set(["client_aborted", "deadline_exceeded"]);
/** A key of which nothing is left rests no longer than this, whatever its provider says. */
const LONGEST_QUOTA_MS = 3_600_000;
/** Shorter streams do not tell how fast tokens come. */
const FEWEST_TOKENS = 16;

export function beginWatch(context: RequestContext, target: Target, keySlot: number, started: number): void {
  const { slot, isShared } = context.snapshot.slotOf(target);
  const begunClosed = context.runtime.targets.begin(slot);
  context.watch = { slot, isShared, keySlot, started, firstContent: null, begunClosed };
}

/** The first content of a stream is there. */
export function watchFirstContent({ watch, runtime }: RequestContext): void {
  if (watch === null) return;
  watch.firstContent = runtime.clock.monotonic();
  runtime.targets.firstContent(watch.slot, watch.firstContent - watch.started, runtime.clock.wall());
}

/** The headers of an answer are there: they may tell what is left of a quota. */
export function watchHeaders({ watch, runtime }: RequestContext, headers: HeaderList): void {
  const now = runtime.clock.wall();
  if (watch === null) return;
  if (!runtime.targets.wantsQuota(watch.slot, now) && !runtime.health.wantsQuota(watch.keySlot, now)) return;
  const limits = new Map(headers.entries().filter(([name]) => name.includes("limit")));
  const quota = limits.size === 0 ? null : readQuota((name) => limits.get(name) ?? null, now);
  if (quota === null) return;
  runtime.targets.quota(watch.slot, quota.share, quota.resetMs, now);
  if (quota.share === 0) runtime.health.rest(watch.keySlot, now + Math.min(quota.resetMs, LONGEST_QUOTA_MS));
}

/** The call ended; `failure` null: it answered. */
export function endWatch(context: RequestContext, failure: GatewayError | null): void {
  const { watch, runtime } = context;
  if (watch === null) return;
  context.watch = null;
  const { slot, begunClosed } = watch;
  const now = runtime.clock.wall();
  const took = runtime.clock.monotonic() - watch.started;
  if (failure === null) runtime.targets.succeed(slot, begunClosed, resultOf(context, watch, took), now);
  else if (failure.code === "upstream_rate_limited") {
    runtime.targets.limit(slot, failure.fields.retryAfterMs ?? null, now);
  } else if (TARGET_FAULTS.has(failure.code)) runtime.targets.fail(slot, took, !watch.isShared, now);
  else runtime.targets.release(slot, GIVEN_UP.has(failure.code) && watch.firstContent === null ? took : 0, now);
}

function resultOf({ usage, session }: RequestContext, { firstContent, started }: TargetWatch, took: number) {
  const outputTokens = usage?.outputTokens ?? 0;
  // A session lasts as long as its client wants.
  if (firstContent === null) return { whole: session === null ? took : null, perToken: null, outputTokens };
  const perToken = outputTokens < FEWEST_TOKENS ? null : (started + took - firstContent) / outputTokens;
  return { whole: null, perToken, outputTokens };
}
