import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";

/**
 * The call has brought an answer: from here on it is the one that serves the request, and what runs against it is given up.
 * Before its attempt is noted.
 */
export function takeOver(context: RequestContext, it: Call): void {
  const { lane, key } = it;
  const { provider, model } = it.target;
  context.served = { provider, model, key: key.data.name };
  if (lane.race === null) return;
  context.watch = lane.watch;
  context.warnings = lane.warnings;
  context.giveUp = lane.giveUp;
  context.hold = lane.hold;
  lane.watch = null;
  lane.hold = null;
  lane.race.win(it);
}
