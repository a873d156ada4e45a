import { GatewayError } from "../canonical/errors.ts";
import type { Wire } from "../canonical/provider.ts";
import type { AnyTaskProvider, CallRequest, EncodedBody, EncodedTask } from "../canonical/task.ts";
import type { Target } from "../domain/route/data.ts";
import { writeForm } from "../lib/multipart.ts";
import { withQuirks } from "./body-quirks.ts";
import type { Call } from "./call.ts";
import type { Reply, RequestContext } from "./context.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";
import { headerUsage } from "./header-usage.ts";
import type { Following, Kind } from "./kind.ts";
import { targetContext } from "./prepare-chat.ts";
import type { Prepared, PreparedTaskStream } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import { relayTask } from "./relay-task.ts";
import { decodeAnswer, encodeEvents, providerCodec, taskDialect, taskReply, wireAnswer } from "./task-answer.ts";
import type { WholeAnswer } from "./upstream.ts";
import { warnUnmet } from "./take-intent.ts";
import { wirePath } from "./wire-path.ts";

/** Operations of one request and one answer beside chat. */
export const TASK_KIND: Kind = { prepare, reply, followUp };

function prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { operation, dialect } = context.arrival;
  const own = provider.relayWire(operation, dialect.name, target.model);
  const { relayPath } = context.task;
  if (own !== undefined && own.neverRelayed !== true && relayPath !== null && mayRelay(context, target))
    return relayTask(context, target, provider, own, context.call.relayPath ?? relayPath(target.model, context.call));
  const wire = own ?? provider.wiresFor(operation, target.model)[0];
  if (wire === undefined) throw unsupported(context, target);
  return prepareEncoded(context, target, provider, wire);
}

function unsupported({ arrival }: RequestContext, { provider, model }: Target): GatewayError {
  return new GatewayError(
    "unsupported_operation",
    `provider ${provider} does not offer ${arrival.operation} for ${model}`,
  );
}

function mayRelay({ task, call }: RequestContext, { model }: Target): boolean {
  return task.canRelay?.(call, model) ?? true;
}

function prepareEncoded(context: RequestContext, target: Target, provider: ReadyProvider, wire: Wire): Prepared {
  const codec = providerCodec(context, wire);
  warnUnmet(context, []);
  // What streams of another dialect bring is not translated: the client gets the events of the whole answer.
  const request = { ...context.call, model: target.model, stream: false };
  const encoded = codec.encodeRequest(request, targetContext(context, target, wire));
  const stream = passesBytes(context, codec, request) ? bytesOf(codec, request) : null;
  const path = wirePath(wire, "whole", target.model, encoded.path);
  const own = wire.dialect === context.arrival.dialect.name ? forwardedHeaders(context, provider) : {};
  return prepared(context, wire, { ...encoded, path, headers: { ...own, ...encoded.headers } }, stream);
}

function passesBytes({ task, call }: RequestContext, codec: AnyTaskProvider, request: CallRequest): boolean {
  return task.answerForm?.(call) === "bytes" && codec.answerForm?.(request) === "bytes";
}

function bytesOf(codec: AnyTaskProvider, request: CallRequest): PreparedTaskStream {
  return { type: "task", form: "bytes", codec, request };
}

function prepared(
  context: RequestContext,
  wire: Wire,
  { method = "POST", path, body, headers }: EncodedTask,
  stream: PreparedTaskStream | null,
): Prepared {
  const { contentType, data } = bodyOf(body, wire, context);
  return {
    wire,
    method,
    path,
    body: data,
    headers: contentType === JSON_TYPE ? headers : { ...headers, "content-type": contentType },
    errors: taskDialect(context, wire),
    isRelay: false,
    stream,
  };
}

const JSON_TYPE = "application/json";

function bodyOf(
  body: EncodedBody,
  wire: Wire,
  context: RequestContext,
): { contentType: string; data: string | Uint8Array } {
  if (body === null) return { contentType: JSON_TYPE, data: "" };
  if ("form" in body) return writeForm(body.form);
  if ("data" in body) return body;
  return { contentType: JSON_TYPE, data: JSON.stringify(withQuirks(wire, body.json, context.warnings)) };
}

function followUp(context: RequestContext, it: Call, answer: WholeAnswer): Following | null {
  if (it.prepared.isRelay) return null;
  const codec = providerCodec(context, it.prepared.wire);
  const request = { ...context.call, model: it.target.model };
  const next = codec.followUp?.(wireAnswer(it, answer), request, it.prepared.path) ?? null;
  if (next === null) return null;
  const stream = next.form === "bytes" ? bytesOf(codec, request) : null;
  return { prepared: prepared(context, it.prepared.wire, next, stream), afterMs: next.afterMs };
}

function reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const response = decodeAnswer(context, it, answer);
  context.usage = response.usage ?? headerUsage(it.prepared.wire, answer.headers);
  if (context.usage !== null) response.usage ??= context.usage;
  context.firstContentAt = context.runtime.clock.monotonic();
  if (it.prepared.isRelay) {
    const contentType = answer.headers.get("content-type") ?? JSON_TYPE;
    return { status: answer.status, contentType, body: answer.body };
  }
  if (context.call.stream) {
    return { status: 200, contentType: "text/event-stream", body: encodeEvents(context, response) };
  }
  const encoded = context.task.encodeResponse(response, taskReply(context));
  return { status: encoded.location === undefined ? 200 : 302, ...encoded };
}
