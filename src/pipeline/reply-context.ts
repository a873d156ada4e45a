import type { ReplyContext } from "../canonical/dialect.ts";
import type { RequestContext } from "./context.ts";

/** What encoders for clients may need of the request. */
export function replyContext(context: RequestContext): ReplyContext {
  const { chat: request, warnings, runtime } = context;
  const { id, wall, monotonic } = context.arrival;
  return {
    requestId: id,
    model: request.model,
    createdAt: Math.floor(wall / 1000),
    request,
    warnings,
    elapsedMs: () => runtime.clock.monotonic() - monotonic,
  };
}
