import type { TaskAnswer, TaskReply, CallRequest, TaskWireAnswer, AnyTaskProvider } from "../canonical/task.ts";
import { GatewayError } from "../canonical/errors.ts";
import type { TaskOperation } from "../canonical/names.ts";
import type { Wire } from "../canonical/provider.ts";
import type { TaskDialect } from "../canonical/task.ts";
import { parseAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { sealJob } from "./job-seal.ts";
import type { WholeAnswer } from "./upstream.ts";

/** Reads a whole answer to a task; the id of a job in it becomes the client's. */
export function decodeAnswer(context: RequestContext, it: Call, answer: WholeAnswer): TaskAnswer {
  const request = { ...context.call, model: it.target.model };
  const decoded = providerCodec(context, it.prepared.wire).decodeResponse(wireAnswer(it, answer), request);
  if (decoded.job !== undefined) decoded.job.id = sealJob(context, it, decoded.job.id);
  return decoded;
}

/** An answer as codecs see it. */
export function wireAnswer(it: Call, answer: WholeAnswer): TaskWireAnswer {
  return {
    contentType: answer.headers.get("content-type") ?? "",
    bytes: answer.body,
    json: () => parseAnswer(it.target.provider, answer),
  };
}

/** The events of a whole answer, for a client that asked for a stream. */
export function encodeEvents(context: RequestContext, answer: TaskAnswer): string {
  return context.task.encodeEvents?.(answer, taskReply(context)) ?? "";
}

/** What encoders for clients may need of the request. */
export function taskReply({ arrival, call }: RequestContext): TaskReply<CallRequest> {
  return { requestId: arrival.id, createdAt: Math.floor(arrival.wall / 1000), request: call };
}

/** The dialect of a wire, as far as it serves tasks. */
export function taskDialect({ runtime }: RequestContext, { dialect }: Wire): TaskDialect {
  const found = runtime.taskDialects.get(dialect);
  if (found === undefined) throw new GatewayError("internal_error", `dialect ${dialect} is not installed`);
  return found;
}

/** The codec of the request's operation on a provider's wire. */
export function providerCodec(context: RequestContext, wire: Wire): AnyTaskProvider {
  const codec = taskDialect(context, wire).tasks[context.arrival.operation as TaskOperation];
  if (codec === undefined) throw new GatewayError("internal_error", `dialect ${wire.dialect} lacks this operation`);
  return codec;
}
