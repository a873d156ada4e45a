import type { RequestContext } from "../context.ts";

/** Rules of a chain may want one classifier after the other; more rounds than this are none that a configuration needs. */
const MOST_ROUNDS = 8;

/**
 * Has the classifiers asked that the decision hangs on, before it is made. `rehearse` makes the decision without consequences:
 * what rules want on the way is asked, and it is made again. Null: nothing has to be asked, which nearly always is so.
 */
export function classifyFirst(context: RequestContext, rehearse: () => void): Promise<void> | null {
  const { classify } = context.snapshot;
  if (classify.shadows.length > 0) context.classes.runShadows();
  if (context.chatRequest === null || !classify.mayAsk(context.scopes)) return null;
  rehearse();
  return context.classes.wanted.size === 0 ? null : askAll(context, rehearse);
}

async function askAll({ classes }: RequestContext, rehearse: () => void): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && classes.wanted.size > 0; round += 1) {
    await classes.askWanted();
    rehearse();
  }
}
