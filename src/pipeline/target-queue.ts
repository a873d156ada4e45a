import type { ErrorCode, GatewayError } from "../canonical/errors.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import { mustWait } from "./target-turn.ts";

/** The targets of a request that are still to be tried, and how those failed that were. */
export class TargetQueue {
  private readonly context: RequestContext;
  private readonly waiting: Target[];
  private seen = 0;
  /** The failed target that stands first in the route. */
  private place = Infinity;
  private failure: GatewayError | null = null;

  constructor(context: RequestContext) {
    this.context = context;
    this.waiting = [...context.targets];
  }

  /** Whether the one taken last may be waited for: all others have been looked at. */
  mayWait = false;

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Those that are not taken yet, in their order. */
  get left(): readonly Target[] {
    return this.waiting;
  }

  /** The next one. Targets that are not well wait behind the others, never away: each at most once, and what is left is tried. */
  take(): Target | undefined {
    for (;;) {
      const target = this.waiting.shift();
      if (target === undefined) return undefined;
      this.seen += 1;
      this.mayWait = this.seen > this.context.targets.length || this.isEmpty;
      if (this.mayWait || !mustWait(this.context, target)) return target;
      this.waiting.push(target);
    }
  }

  /** Takes a certain one out of its turn. */
  takeOut(target: Target): void {
    const at = this.waiting.indexOf(target);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  /** It had no room: behind the others with it. */
  putBack(target: Target): void {
    this.waiting.push(target);
  }

  fail(target: Target, failure: GatewayError): void {
    const place = this.context.targets.indexOf(target);
    if (this.failure !== null && !tellsMore(failure, place, this.failure, this.place)) return;
    this.place = place;
    this.failure = failure;
  }

  /** The error that tells most: of the first in the route that failed, whenever it was tried, since that is what the caller asked for. */
  get primaryFailure(): GatewayError | null {
    return this.failure;
  }
}

/** Of the caller's limits for one provider: told when no target was called. */
export const USED_UP: ReadonlySet<ErrorCode> = new Set(["budget_exceeded", "rate_limited"]);

/** Of providers' limits, the one that has room again first. */
function tellsMore(next: GatewayError, place: number, known: GatewayError, knownPlace: number): boolean {
  if (USED_UP.has(known.code) !== USED_UP.has(next.code)) return USED_UP.has(known.code);
  if (next.code === "provider_limited" && known.code === "provider_limited")
    return (next.fields.retryAfterMs ?? Infinity) < (known.fields.retryAfterMs ?? Infinity);
  return place < knownPlace;
}
