import type { ErrorCode, GatewayError } from "../canonical/errors.ts";
import { readQuota } from "../domain/balance/quota.ts";
import type { HeaderList } from "../lib/http-client/index.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { OUTRUN, type Lane } from "./lane.ts";

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

export function beginWatch(context: RequestContext, { target, key, lane }: Call, started: number): void {
  const { slot, isShared } = context.snapshot.slotOf(target);
  const begunClosed = context.runtime.targets.begin(slot);
  lane.watch = { slot, isShared, keySlot: key.data.slot, started, firstContent: null, begunClosed };
}

/** The first content of a stream is there. */
export function watchFirstContent(context: RequestContext): void {
  const { watch, runtime } = context;
  if (watch === null) return;
  watch.firstContent = runtime.clock.monotonic();
  runtime.targets.firstContent(watch.slot, watch.firstContent - watch.started, runtime.clock.wall());
  measure(context, watch, watch.firstContent - watch.started);
}

/** The headers of an answer are there: they may tell what is left of a quota. */
export function watchHeaders({ runtime }: RequestContext, { watch }: Lane, headers: HeaderList): void {
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
export function endWatch(context: RequestContext, lane: Lane, failure: GatewayError | null): void {
  const { runtime } = context;
  const { watch } = lane;
  if (watch === null) return;
  lane.watch = null;
  const { slot, begunClosed } = watch;
  const now = runtime.clock.wall();
  const took = runtime.clock.monotonic() - watch.started;
  const isGivenUp = failure !== null && (failure === OUTRUN || GIVEN_UP.has(failure.code));
  if (tellsTime(failure) && watch.firstContent === null) measure(context, watch, took);
  if (failure === null) runtime.targets.succeed(slot, begunClosed, resultOf(context, watch, took), now);
  else if (failure.code === "upstream_rate_limited") {
    runtime.targets.limit(slot, failure.fields.retryAfterMs ?? null, now);
  } else if (TARGET_FAULTS.has(failure.code)) runtime.targets.fail(slot, took, !watch.isShared, now);
  else runtime.targets.release(slot, isGivenUp && watch.firstContent === null ? took : 0, now);
}

/** What was too slow would have taken longer still: left out, it would make the target look quicker the slower it is. */
function tellsTime(failure: GatewayError | null): boolean {
  return failure === null || failure === OUTRUN || failure.code === "upstream_timeout";
}

/** Keeps a time for the percentiles that hedging asks for; milliseconds. */
function measure({ snapshot, runtime, request, session }: RequestContext, { slot }: TargetWatch, took: number): void {
  if (snapshot.data.measuresLatency && session === null) runtime.latencies.add(slot, request?.stream === true, took);
}

function resultOf({ usage, session }: RequestContext, { firstContent, started }: TargetWatch, took: number) {
  const outputTokens = usage?.outputTokens ?? 0;
  // A session lasts as long as its client wants.
  if (firstContent === null) return { whole: session === null ? took : null, perToken: null, outputTokens };
  const perToken = outputTokens < FEWEST_TOKENS ? null : (started + took - firstContent) / outputTokens;
  return { whole: null, perToken, outputTokens };
}
