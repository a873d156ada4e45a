import type { ReplyContext } from "../canonical/dialect.ts";
import type { RequestContext } from "./context.ts";
import { wantsWholeCalls } from "./whole-calls.ts";

/** What encoders for clients may need of the request. */
export function replyContext(context: RequestContext): ReplyContext {
  const { id, wall, monotonic } = context.arrival;
  return {
    requestId: id,
    model: context.chat.model,
    createdAt: Math.floor(wall / 1000),
    request: told(context),
    elapsedMs: () => context.runtime.clock.monotonic() - monotonic,
    warnings: context.warnings,
    isKept: context.isKept,
    wantsWholeCalls: wantsWholeCalls(context),
  };
}

/** The request as its client made it: what is kept is kept, also where the provider was not told so. */
function told({ chat, turn, isKept }: RequestContext): RequestContext["chat"] {
  if (!isKept) return chat;
  return { ...chat, store: true, ...(turn !== null && { previousResponseId: turn.previous }) };
}
