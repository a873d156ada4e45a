import { GatewayError } from "../canonical/errors.ts";
import type { Reply, RequestContext, Stage } from "./context.ts";
import { settle } from "./settle.ts";

/** Takes a request through the stages that need no more than its head. Throws what refuses it. */
export function runHead(context: RequestContext): void {
  for (let stage = next(context); stage !== undefined && stage.readsBody !== true; stage = next(context)) {
    context.begun += 1;
    void stage.admit?.(context);
  }
}

function next({ stages, begun }: RequestContext): Stage | undefined {
  return stages[begun];
}

/**
 * Takes a request through its stages, from where `runHead` left it. Resolves with the reply, of which a stream may still flow; never rejects. Everything
 * else about the request is settled and recorded by then, or when its stream ends.
 */
export async function run(context: RequestContext): Promise<Reply> {
  try {
    for (let stage = next(context); stage !== undefined; stage = next(context)) {
      context.begun += 1;
      const wait = stage.admit?.(context);
      if (wait !== undefined) await wait;
    }
  } catch (error) {
    context.error = asGatewayError(context, error);
    context.reply = null;
  }
  if (context.isStreaming && context.error === null && context.reply !== null) {
    context.isReplied = true;
    return context.reply;
  }
  const failure = settle(context) ?? context.error;
  if (failure !== null || context.reply === null) return errorReply(context, failure);
  return context.reply;
}

/** Ends a request that was refused before its body was read: it is recorded like any other. */
export function refuse(context: RequestContext, error: GatewayError): Reply {
  context.error = error;
  return errorReply(context, settle(context) ?? error);
}

function asGatewayError(context: RequestContext, error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  context.runtime.report(error);
  return new GatewayError("internal_error", "the gateway failed on this request; its log says how");
}

function errorReply(context: RequestContext, failure: GatewayError | null): Reply {
  const error = failure ?? new GatewayError("internal_error", "no answer");
  const { status, body } = context.arrival.dialect.encodeError(error);
  return { status, contentType: "application/json", body: JSON.stringify(body), error };
}
