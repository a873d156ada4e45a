import { GatewayError } from "../../canonical/errors.ts";
import type { RequestContext } from "../../pipeline/context.ts";
import { LiveRequest, type Connections, type LiveLimits } from "./live-request.ts";

/** How long requests are still taken after the process has said that it is not ready: load balancers need to notice. */
const GRACE_MS = 1000;
/** Requests are looked at so often: a walk of a list, where a timer a request cost more than all of its deadlines. */
const CHECK_MS = 50;

/** The requests under way on this thread: their deadlines, their clients' departure, and the drain at the end. */
export class LiveRequests {
  /** The process is going to stop: not ready any more, and connections are not kept. */
  isDraining = false;
  /** The drain's deadline has passed: nothing more is taken. */
  isClosed = false;
  /** How many there are. */
  size = 0;
  /** The newest; they are linked among themselves. A `Set` cost 25 us a request here: it is rehashed all the time. */
  private newest: LiveRequest | null = null;
  private timer: Timer | null = null;
  private whenEmpty: (() => void) | null = null;

  /**
   * Watches a request from its head until it settles; deadlines fire, and departures are noticed, up to 50 ms late. One without a
   * connection of its own has none to leave by.
   */
  add(
    context: RequestContext,
    request: Request | null,
    connections: Connections | null,
    limits: LiveLimits,
  ): LiveRequest {
    const live = new LiveRequest(context, request, connections, limits, performance.now());
    this.link(live);
    context.ended = () => {
      live.end();
      this.unlink(live);
    };
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
    return live;
  }

  /**
   * Stops taking requests: first readiness goes, after a grace `stopListening` is called, then the requests under way may end;
   * those left at the deadline are ended with an error. Resolves when none is left.
   */
  async drain(deadlineMs: number, stopListening: () => void): Promise<void> {
    this.isDraining = true;
    const end = setTimeout(() => this.endAll(), deadlineMs);
    await Bun.sleep(Math.min(GRACE_MS, deadlineMs));
    stopListening();
    await this.emptied();
    clearTimeout(end);
  }

  /** Ends what is under way with an error. */
  endAll(): void {
    this.isClosed = true;
    const error = new GatewayError("draining", "this process is stopping", { retryAfterMs: 1000 });
    this.each((live) => live.context.cancel(error));
  }

  private check(): void {
    const now = performance.now();
    this.each((live) => live.check(now));
  }

  /** `visit` may end the request that it is given. */
  private each(visit: (live: LiveRequest) => void): void {
    for (let live = this.newest; live !== null;) {
      const next: LiveRequest | null = live.older;
      visit(live);
      live = next;
    }
  }

  private link(live: LiveRequest): void {
    live.older = this.newest;
    if (this.newest !== null) this.newest.newer = live;
    this.newest = live;
    this.size += 1;
  }

  private unlink(live: LiveRequest): void {
    const { newer, older } = live;
    if (newer !== null) newer.older = older;
    else this.newest = older;
    if (older !== null) older.newer = newer;
    live.newer = null;
    live.older = null;
    this.size -= 1;
    if (this.size === 0) this.whenEmpty?.();
  }

  private emptied(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenEmpty = resolve;
    });
  }
}
