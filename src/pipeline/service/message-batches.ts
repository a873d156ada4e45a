import { textOf, isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { find, note, providerNamed } from "./files.ts";
import { askKeeper, checkModels, namedKeeper, noteUnknownCost, passTo, type Keeper } from "./keeper.ts";
import { nativeLines } from "./native-lines.ts";
import { toolModels } from "../tool-models.ts";
import { bytesReply, jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

const PATH = "/messages/batches";

/** `POST /messages/batches`: https://docs.anthropic.com/en/api/creating-message-batches */
export async function createMessageBatch(context: RequestContext, service: ServiceCall): Promise<Reply> {
  const { provider: _, ...body } = context.arrival.body.json;
  const named = namedKeeper(context, providerNamed(context), "message_batches");
  const requests = Array.isArray(body["requests"]) ? body["requests"].filter(isJsonObject) : [];
  const bodies = requests.map(({ params }) => (isJsonObject(params) ? params : {}));
  if (named !== null) return createAt(context, service, named, body, bodies);
  const found = providerNamed(context) === null ? nativeLines(context, bodies, "message_batches") : null;
  const keeper = found === null ? null : namedKeeper(context, found.provider, "message_batches");
  if (found === null || keeper === null)
    return own(service, await context.runtime.state.ask("message_batch_create", askerOf(context), body));
  const lines = requests.map((request, at) => ({ ...request, params: found.lines[at] ?? {} }));
  return createAt(context, service, keeper, { ...body, requests: lines }, found.lines);
}

async function createAt(
  context: RequestContext,
  service: ServiceCall,
  keeper: Keeper,
  body: JsonObject,
  params: readonly JsonObject[],
): Promise<Reply> {
  const models = new Set(params.flatMap((each) => [textOf(each["model"]), ...toolModels(each)]));
  checkModels(context, keeper, models);
  noteUnknownCost(context, keeper);
  return native(context, service, keeper, await askKeeper(context, keeper, { method: "POST", path: PATH, body }));
}

export async function getMessageBatch(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "GET", "", "message_batch_get");
}

export async function cancelMessageBatch(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "POST", "/cancel", "message_batch_cancel");
}

export async function listMessageBatches(context: RequestContext, { query, origin }: ServiceCall): Promise<Reply> {
  const page = Object.fromEntries(new URLSearchParams(query));
  const list = await context.runtime.state.ask("message_batch_list", askerOf(context), page);
  if (!isJsonObject(list) || !Array.isArray(list["data"])) return jsonReply(list);
  return jsonReply({ ...list, data: list["data"].map((each) => (isJsonObject(each) ? located(each, origin) : each)) });
}

export async function deleteMessageBatch(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper } = await find(context, "message_batch", id);
  if (keeper !== null) {
    const answer = await askKeeper(context, keeper, { method: "DELETE", path: `${PATH}/${encodeURIComponent(id)}` });
    if ("reply" in answer) return answer.reply;
  }
  return jsonReply(await context.runtime.state.ask("message_batch_delete", askerOf(context), { id }));
}

/** The outcomes of a batch that has ended, a line each. */
export async function messageBatchResults(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper } = await find(context, "message_batch", id);
  if (keeper !== null)
    return passTo(context, keeper, { method: "GET", path: `${PATH}/${encodeURIComponent(id)}/results` });
  return bytesReply(context, await context.runtime.state.bytes("results", askerOf(context), id));
}

async function asked(
  context: RequestContext,
  service: ServiceCall,
  method: "GET" | "POST",
  action: string,
  ask: "message_batch_get" | "message_batch_cancel",
): Promise<Reply> {
  const { id } = service;
  const { keeper } = await find(context, "message_batch", id);
  if (keeper === null) return own(service, await context.runtime.state.ask(ask, askerOf(context), { id }));
  const path = `${PATH}/${encodeURIComponent(id)}${action}`;
  return native(context, service, keeper, await askKeeper(context, keeper, { method, path }));
}

async function native(
  context: RequestContext,
  { origin }: ServiceCall,
  keeper: Keeper,
  answer: { json: JsonObject } | { reply: Reply },
): Promise<Reply> {
  if ("reply" in answer) return answer.reply;
  const { id, results_url: url } = answer.json;
  // The vendor's address would be asked with the caller's key.
  const batch = {
    ...answer.json,
    results_url: url == null ? null : `/v1${PATH}/${encodeURIComponent(textOf(id))}/results`,
  };
  await note(context, keeper, "message_batch", batch);
  return jsonReply(located(batch, origin));
}

function own({ origin }: ServiceCall, batch: Json): Reply {
  return jsonReply(isJsonObject(batch) ? located(batch, origin) : batch);
}

/** SDKs fetch the results from the address that the batch states. */
function located(batch: JsonObject, origin: string): JsonObject {
  const { results_url: url } = batch;
  return typeof url === "string" && url.startsWith("/") ? { ...batch, results_url: origin + url } : batch;
}
