import type { ReplyContext } from "../canonical/dialect.ts";
import type { RequestContext } from "./context.ts";

/** What encoders for clients may need of the request. */
export function replyContext(context: RequestContext): ReplyContext {
  const { chat: request, warnings } = context;
  const { id, wall, monotonic } = context.arrival;
  const elapsedMs = (): number => context.runtime.clock.monotonic() - monotonic;
  return { requestId: id, model: request.model, createdAt: Math.floor(wall / 1000), request, elapsedMs, warnings };
}
