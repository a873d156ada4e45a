import type { RequestContext } from "./context.ts";

/**
 * The moment at which limits count what a request is about to use, Unix milliseconds. That of its arrival may be long ago, when its
 * body came slowly or others were tried before: the periods of then are over, and nothing holds in them any more.
 */
export function limitTime({ arrival, runtime }: RequestContext): number {
  return arrival.wall + runtime.clock.monotonic() - arrival.monotonic;
}
