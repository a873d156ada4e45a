import type { Dialect } from "../../canonical/dialect.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { AnyTaskCodec, CallRequest } from "../../canonical/task.ts";
import { NO_BODY } from "../../domain/attempt/patch.ts";
import type { RequestSize } from "../../domain/ledger/estimate.ts";
import type { Target } from "../../domain/route/data.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { Caller } from "../caller.ts";
import { RequestContext, type Arrival, type Stage } from "../context.ts";
import type { Runtime } from "../runtime.ts";
import type { Snapshot } from "../snapshot.ts";
import { admit } from "../stage/admit.ts";
import { attempt } from "../stage/attempt.ts";
import { record } from "../stage/record.ts";
import { reserve } from "../stage/reserve.ts";

/** A call that the gateway makes for itself. */
export interface OwnCall {
  runtime: Runtime;
  snapshot: Snapshot;
  /** Whose budgets it is charged to; null: nobody's. */
  caller: Caller | null;
  operation: "chat" | "embeddings";
  /** The client's side of it, which takes the answer. */
  client: { chat: Dialect; task: null } | { chat: null; task: AnyTaskCodec };
  request: CallRequest | ChatRequest;
  size: RequestSize;
  targets: Target[];
  /** What it is for: stands in its trace. */
  purpose: string;
}

/**
 * Where it goes is settled and whether its caller may go there does not matter: no routing, no limits on requests; its money is
 * reserved and charged, and it has a record of its own.
 */
const STAGES: readonly Stage[] = [
  record,
  { name: "settle", settle: (context) => admit.settle?.(context) },
  reserve,
  attempt,
];

const NO_HEADERS: Arrival["headers"] = { get: () => null, keys: () => [], toJSON: () => ({}) };

/** The call as a request of its own; `run` makes it. */
export function beginOwnCall(it: OwnCall): RequestContext {
  const context = new RequestContext(arrivalOf(it), it.runtime, it.snapshot, STAGES);
  context.caller = it.caller;
  context.request = it.request;
  if (it.client.chat !== null) context.chatRequest = it.request as ChatRequest;
  context.size = it.size;
  context.targets = it.targets;
  context.trace.push({ step: "classifier", result: it.purpose });
  return context;
}

function arrivalOf({ runtime, operation, client }: OwnCall): Arrival {
  const wall = runtime.clock.wall();
  const dialect = client.chat ?? runtime.taskDialects.get("openai");
  if (dialect === undefined) throw new Error("dialect openai is not installed");
  return {
    operation,
    dialect,
    ...client,
    socket: null,
    headers: NO_HEADERS,
    body: NO_BODY,
    bodyLength: 0,
    queryKey: null,
    pathModel: null,
    pathStream: false,
    pathJob: null,
    pathProvider: null,
    framing: null,
    jsonArrayStream: false,
    replyHeaders: null,
    id: timeOrderedId("req_", wall),
    wall,
    monotonic: runtime.clock.monotonic(),
  };
}
