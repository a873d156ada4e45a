import type { ReplyContext } from "../canonical/dialect.ts";
import type { RequestContext } from "./context.ts";

/** What encoders for clients may need of the request. */
export function replyContext(context: RequestContext): ReplyContext {
  const { id, wall, monotonic } = context.arrival;
  return {
    requestId: id,
    model: context.chat.model,
    createdAt: Math.floor(wall / 1000),
    request: context.chat,
    elapsedMs: () => context.runtime.clock.monotonic() - monotonic,
  };
}
