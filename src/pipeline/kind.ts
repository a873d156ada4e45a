import type { Operation } from "../canonical/names.ts";
import type { Target } from "../domain/route/data.ts";
import type { Call } from "./call.ts";
import { CHAT_KIND } from "./chat-kind.ts";
import type { Reply, RequestContext } from "./context.ts";
import { COUNT_KIND } from "./count-kind.ts";
import type { Prepared } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import { REALTIME_KIND } from "./realtime/realtime-kind.ts";
import { TASK_KIND } from "./task-kind.ts";
import type { WholeAnswer } from "./upstream.ts";

/** What differs between operations in a call to a provider. */
export interface Kind {
  /** The request as it goes to one target; null: the gateway answered itself. Throws what no retry can mend. */
  prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared | null;
  /** The client's form of a whole answer; takes its usage on the way. */
  reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply;
  /** For what is no exchange of messages: opens it, and notes the attempt when it is open. Rejects with a `GatewayError`. */
  open?(context: RequestContext, it: Call, started: number): Promise<void>;
  /** The call that has to follow an answer before it is the one to reply with; null: none. */
  followUp?(context: RequestContext, it: Call, answer: WholeAnswer): Following | null;
}

/** A further call of the same attempt. */
export interface Following {
  prepared: Prepared;
  /** To wait before it, milliseconds. */
  afterMs: number;
}

/** The kind of an operation. */
export function kindOf(operation: Operation): Kind {
  if (operation === "chat" || operation === "responses") return CHAT_KIND;
  if (operation === "realtime") return REALTIME_KIND;
  return operation === "count_tokens" ? COUNT_KIND : TASK_KIND;
}
