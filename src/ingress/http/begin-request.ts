import type { ErrorCodec } from "../../canonical/dialect.ts";
import type { DialectName } from "../../canonical/names.ts";
import { isService, isTask } from "../../canonical/names.ts";
import type { AnyTaskCodec } from "../../canonical/task.ts";
import { NO_BODY } from "../../domain/attempt/patch.ts";
import type { HeaderSource } from "../../domain/identity/credential.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { RequestContext, type Arrival } from "../../pipeline/context.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import { stagesFor, type PipelineOperation } from "../../pipeline/stages.ts";

/** What begins a request; whoever begins it fills in what else its arrival says. */
export interface Beginning {
  operation: PipelineOperation;
  dialect: DialectName;
  headers: HeaderSource;
  /** How errors look to the client, where not as in the dialect. */
  errors?: ErrorCodec | undefined;
}

/** A request that has arrived just now, without its body. */
export function beginRequest(runtime: Runtime, snapshot: Snapshot, it: Beginning): RequestContext {
  const wall = runtime.clock.wall();
  const arrival: Arrival = {
    operation: it.operation,
    ...(isService(it.operation) || it.operation === "passthrough" ? bare(runtime, it.dialect) : codecsOf(runtime, it)),
    socket: null,
    framing: null,
    pathProvider: null,
    replyHeaders: null,
    headers: it.headers,
    body: NO_BODY,
    bodyLength: 0,
    pathModel: null,
    pathStream: false,
    pathJob: null,
    queryKey: null,
    jsonArrayStream: false,
    id: timeOrderedId("req_", wall),
    wall,
    monotonic: runtime.clock.monotonic(),
  };
  return new RequestContext(arrival, runtime, snapshot, stagesFor(it.operation));
}

/** What a request is read and answered with. */
export function codecsOf(
  runtime: Runtime,
  { operation, dialect: name, errors }: Omit<Beginning, "headers">,
): Pick<Arrival, "dialect" | "chat" | "task"> {
  const { dialects, taskDialects } = runtime;
  const isChat = !isTask(operation) && operation !== "realtime";
  const chat = isChat ? dialects.get(name) : undefined;
  const dialect = chat ?? taskDialects.get(name);
  const task = isTask(operation) ? taskDialects.get(name)?.tasks[operation] : undefined;
  const codec = operation === "realtime" ? taskDialects.get(name)?.realtime : (chat ?? task);
  if (dialect === undefined || codec === undefined)
    throw new Error(`dialect ${name} is not installed for ${operation}`);
  const own = errors === undefined ? dialect : { ...errors, name };
  return { dialect: own, chat: chat ?? null, task: (task as AnyTaskCodec | undefined) ?? null };
}

/** For what is answered without a codec: only its errors have a form. */
function bare({ dialects }: Runtime, name: DialectName): Pick<Arrival, "dialect" | "chat" | "task"> {
  const dialect = dialects.get(name);
  if (dialect === undefined) throw new Error(`dialect ${name} is not installed`);
  return { dialect, chat: null, task: null };
}
