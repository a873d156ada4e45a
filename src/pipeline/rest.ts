import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";

/** Waits between calls; rejects when the request or its lane is given up meanwhile. */
export function rest(context: RequestContext, lane: Lane, milliseconds: number): Promise<void> {
  if (context.cancelled !== null) return Promise.reject(context.cancelled);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    lane.giveUp = (reason) => {
      clearTimeout(timer);
      reject(reason);
    };
  });
}
