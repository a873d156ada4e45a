import type { RequestContext } from "./context.ts";

/** Waits between calls; rejects when the request is given up meanwhile. */
export function rest(context: RequestContext, milliseconds: number): Promise<void> {
  if (context.cancelled !== null) return Promise.reject(context.cancelled);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    context.giveUp = (reason) => {
      clearTimeout(timer);
      reject(reason);
    };
  });
}
