import { StreamCollector } from "../../canonical/collect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { textOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { addWarning } from "../../canonical/warning.ts";
import type { Target } from "../../domain/route/data.ts";
import type { RequestContext, Stage } from "../context.ts";
import { replyContext } from "../reply-context.ts";
import { askerOf } from "../service/asker.ts";
import { bodyOf, laterHeaders } from "./defer.ts";
import { inputItems } from "./recall.ts";

/**
 * State of the Responses API. Providers that keep answers keep them; for others the gateway does, unless the request says
 * `store: false`, and makes requests in the background itself.
 */
export const keep: Stage = {
  name: "keep",
  admit(context: RequestContext): void | Promise<void> {
    const { arrival } = context;
    const { json } = arrival.body;
    if (context.pinned !== null) pin(context, context.pinned);
    if (arrival.isCompaction === true) return compact(context);
    if (json["conversation"] != null) bindToKeepers(context, "conversation");
    const [first] = context.targets;
    if (json["background"] === true && first !== undefined && !keepsResponses(context, first))
      return inBackground(context);
    context.isKept = isToBeKept(context);
    // Events of an answer that its provider keeps in any case are not gathered.
    const mayBeOurs = context.isKept && context.targets.some((target) => !keepsResponses(context, target));
    if (context.call.stream && mayBeOurs) context.keeping = new StreamCollector();
  },
  observe(context: RequestContext, part: StreamPart): void {
    context.keeping?.add(part);
  },
  settle(context: RequestContext): void {
    const { error, reply, served } = context;
    if (error !== null || reply === null || reply.status >= 300 || served === null) return;
    if (context.isKept && !keepsResponses(context, served)) tryToKeep(context);
  },
};

function pin(context: RequestContext, { provider, key }: { provider: string; key: string }): void {
  const bound = context.targets.filter((target) => target.provider === provider);
  if (bound.length === 0) {
    const text = `what this request goes on from is kept by provider ${provider}: ask for a model of that provider`;
    const param = context.arrival.body.json["conversation"] == null ? "previous_response_id" : "conversation";
    throw new GatewayError("invalid_request", text, { param });
  }
  context.targets = bound.map((target) => ({ ...target, key }));
}

/** Only the makers of models can make the opaque item that stands for a conversation. */
function compact(context: RequestContext): void {
  if (context.call.stream) {
    throw new GatewayError("invalid_request", "a compaction is not streamed", { param: "stream" });
  }
  bindToKeepers(context, "model");
  context.chat.relayPath = "/responses/compact";
}

function bindToKeepers(context: RequestContext, param: string): void {
  const keepers = context.targets.filter((target) => keepsResponses(context, target));
  if (keepers.length === 0) {
    const text =
      param === "conversation"
        ? "the provider of this model has no conversations: use previous_response_id"
        : "the provider of this model cannot compact conversations";
    throw new GatewayError("unsupported_operation", text, { param });
  }
  context.targets = keepers;
}

/** True where the provider itself keeps answers of a model. */
function keepsResponses(
  { snapshot }: RequestContext,
  { provider: name, model }: Pick<Target, "provider" | "model">,
): boolean {
  const provider = snapshot.providers.get(name);
  if (provider?.data.manifest.keeps?.includes("responses") !== true) return false;
  return provider.relayWire("chat", "openai-responses", model) !== undefined;
}

function isToBeKept({ snapshot, arrival }: RequestContext): boolean {
  return snapshot.data.responses.store && arrival.body.json["store"] !== false && arrival.isCompaction !== true;
}

/** Whatever goes wrong here must not keep the request from being settled and recorded. */
function tryToKeep(context: RequestContext): void {
  try {
    keepAnswer(context);
  } catch (error) {
    context.runtime.report(error);
    notKept(context, "it could not be written");
  }
}

/** Before the client sees the end of the answer, so that it finds it. */
function keepAnswer(context: RequestContext): void {
  const { runtime, snapshot, arrival } = context;
  const response = answerOf(context);
  const input = JSON.stringify(ownInput(context));
  const { maxBytes, retentionMs } = snapshot.data.responses;
  if (response === null || input.length + response.text.length > maxBytes)
    return notKept(context, "larger than what is kept");
  const kept = {
    id: response.id,
    owner: askerOf(context).owner,
    created_at: arrival.wall,
    expires_at: arrival.wall + retentionMs,
    previous: context.turn?.previous ?? null,
    input,
    response: response.text,
  };
  if (!runtime.state.keep(kept)) notKept(context, "the store does not take it");
}

function notKept({ warnings }: RequestContext, why: string): void {
  addWarning(warnings, { code: "unsupported_field", field: "store", message: `the response is not kept: ${why}` });
}

function ownInput({ turn, arrival }: RequestContext): Json[] {
  return turn?.input ?? inputItems(arrival.body.json["input"]);
}

/** The answer as the client has it; null: it cannot be told. */
function answerOf(context: RequestContext): { id: string; text: string } | null {
  const { keeping, reply } = context;
  if (keeping !== null) {
    const response = context.chatDialect.encodeResponse(keeping.response, replyContext(context));
    return { id: textOf(response["id"]), text: JSON.stringify(response) };
  }
  const body = reply?.body;
  if (body === undefined || body instanceof ReadableStream) return null;
  const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
  const { id } = JSON.parse(text) as JsonObject;
  return typeof id === "string" ? { id, text } : null;
}

/** Queues a request; its answer is found by the id that the client gets now. */
async function inBackground(context: RequestContext): Promise<void> {
  const { arrival, runtime, snapshot } = context;
  if (context.call.stream) {
    const text = "a response in the background of a provider that has none cannot be streamed";
    throw new GatewayError("unsupported_operation", text, { param: "stream" });
  }
  if (!isToBeKept(context)) {
    const text = snapshot.data.responses.store
      ? "'background' needs 'store'"
      : "responses are not kept here (responses.store)";
    throw new GatewayError("invalid_request", text, { param: "background" });
  }
  const { background: _, ...json } = arrival.body.json;
  const { content_type, data } = bodyOf({ body: { ...arrival.body, text: JSON.stringify({ ...json, store: false }) } });
  const empty = context.chatDialect.encodeResponse(new StreamCollector().response, replyContext(context));
  const base = { ...empty, background: true, status: "queued", output: [], incomplete_details: null, error: null };
  const background = { base, input: ownInput(context), previous: context.turn?.previous ?? null };
  const facts = { path: arrival.path ?? "/v1/responses", content_type, headers: laterHeaders(arrival), background };
  const response = await runtime.state.defer(askerOf(context), facts, data);
  context.reply = { status: 200, contentType: "application/json", body: JSON.stringify(response) };
}
