import { GatewayError } from "../canonical/errors.ts";
import type { TaskOperation } from "../canonical/names.ts";
import type { Wire } from "../canonical/provider.ts";
import type { AnyTaskCodec, EncodedTask, TaskDialect } from "../canonical/task.ts";
import { patchBody } from "../domain/attempt/patch.ts";
import type { Target } from "../domain/route/data.ts";
import { writeForm } from "../lib/multipart.ts";
import { parseAnswer } from "./answer.ts";
import { quirkEdits, withQuirks } from "./body-quirks.ts";
import type { Call } from "./call.ts";
import type { Reply, RequestContext } from "./context.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";
import { headerUsage } from "./header-usage.ts";
import type { Kind } from "./kind.ts";
import { targetContext } from "./prepare-chat.ts";
import type { Prepared } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import type { WholeAnswer } from "./upstream.ts";
import { intentEdits, warnUnmet } from "./take-intent.ts";
import { wirePath } from "./wire-path.ts";

/** Operations of one request and one answer beside chat. */
export const TASK_KIND: Kind = { prepare, reply };

function prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { operation, dialect } = context.arrival;
  const own = provider.relayWire(operation, dialect.name, target.model);
  if (own !== undefined) return prepareRelay(context, target, provider, own);
  const wire = provider.wiresFor(operation, target.model)[0];
  if (wire === undefined) throw unsupported(context, target);
  return prepareEncoded(context, target, wire);
}

function unsupported({ arrival }: RequestContext, { provider, model }: Target): GatewayError {
  return new GatewayError(
    "unsupported_operation",
    `provider ${provider} does not offer ${arrival.operation} for ${model}`,
  );
}

function prepareRelay(context: RequestContext, target: Target, provider: ReadyProvider, wire: Wire): Prepared {
  const { task, call, arrival } = context;
  const path = wirePath(wire, "whole", target.model, call.relayPath ?? task.relayPath(target.model));
  const own = forwardedHeaders(context, provider);
  const head = { wire, method: "POST", path, errors: taskDialect(context, wire), isRelay: true, stream: null } as const;
  const edits = new Map<string, string | null>(arrival.body.edits);
  if (task.modelInBody && target.model !== call.model) edits.set("model", JSON.stringify(target.model));
  intentEdits(context, provider, edits);
  quirkEdits(wire, arrival.body, edits, context.warnings);
  if (arrival.body.form !== null) {
    const { contentType, data } = writeForm(arrival.body.form.flatMap((part) => editedPart(part, edits)));
    return { ...head, body: data, headers: { ...own, "content-type": contentType } };
  }
  const isUntouched = edits.size === 0 && arrival.body.scan.duplicates.size === 0;
  return { ...head, body: isUntouched ? arrival.body.text : patchBody(arrival.body, edits), headers: own };
}

type Part = NonNullable<RequestContext["arrival"]["body"]["form"]>[number];

function editedPart(part: Part, edits: ReadonlyMap<string, string | null>): Part[] {
  const edit = part.filename === undefined ? edits.get(part.name) : undefined;
  if (edit === undefined) return [part];
  return edit === null ? [] : [{ ...part, data: Buffer.from(String(JSON.parse(edit))) }];
}

function prepareEncoded(context: RequestContext, target: Target, wire: Wire): Prepared {
  const codec = codecOf(context, wire);
  warnUnmet(context, []);
  const request = { ...context.call, model: target.model };
  const encoded = codec.encodeRequest(request, targetContext(context, target, wire));
  const { contentType, data } = bodyOf(encoded, wire, context);
  return {
    wire,
    method: "POST",
    path: wirePath(wire, "whole", target.model, encoded.path),
    body: data,
    headers: contentType === JSON_TYPE ? encoded.headers : { ...encoded.headers, "content-type": contentType },
    errors: taskDialect(context, wire),
    isRelay: false,
    stream: null,
  };
}

const JSON_TYPE = "application/json";

function bodyOf(
  { body }: EncodedTask,
  wire: Wire,
  context: RequestContext,
): { contentType: string; data: string | Uint8Array } {
  if ("form" in body) return writeForm(body.form);
  if ("data" in body) return body;
  return { contentType: JSON_TYPE, data: JSON.stringify(withQuirks(wire, body.json, context.warnings)) };
}

function reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const contentType = answer.headers.get("content-type") ?? "";
  const wireAnswer = { contentType, bytes: answer.body, json: () => parseAnswer(it.target.provider, answer) };
  const response = codecOf(context, it.prepared.wire).decodeResponse(wireAnswer, context.call);
  context.usage = response.usage ?? headerUsage(it.prepared.wire, answer.headers);
  if (context.usage !== null) response.usage ??= context.usage;
  context.firstContentAt = context.runtime.clock.monotonic();
  if (it.prepared.isRelay) return { status: answer.status, contentType: contentType || JSON_TYPE, body: answer.body };
  const { id, wall } = context.arrival;
  const createdAt = Math.floor(wall / 1000);
  const encoded = context.task.encodeResponse(response, { requestId: id, createdAt, request: context.call });
  return { status: 200, ...encoded };
}

function taskDialect({ runtime }: RequestContext, { dialect }: Wire): TaskDialect {
  const found = runtime.taskDialects.get(dialect);
  if (found === undefined) throw new GatewayError("internal_error", `dialect ${dialect} is not installed`);
  return found;
}

function codecOf(context: RequestContext, wire: Wire): AnyTaskCodec {
  const codec = taskDialect(context, wire).tasks[context.arrival.operation as TaskOperation];
  if (codec === undefined) throw new GatewayError("internal_error", `dialect ${wire.dialect} lacks this operation`);
  return codec;
}
