import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { find, note, providerNamed } from "./files.ts";
import { askKeeper, namedKeeper, passTo, type Keeper, type KeeperRequest } from "./keeper.ts";
import { jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

/** `POST /conversations`: https://platform.openai.com/docs/api-reference/conversations */
export async function createConversation(context: RequestContext): Promise<Reply> {
  const { provider: _, ...body } = context.arrival.body.json;
  const keeper = namedKeeper(context, providerNamed(context), "responses") ?? onlyKeeper(context);
  const answer = await askKeeper(context, keeper, { method: "POST", path: "/conversations", body });
  if ("reply" in answer) return answer.reply;
  const { id, object, created_at: createdAt } = answer.json;
  await note(context, keeper, "conversation", { id, object, created_at: createdAt });
  return jsonReply(answer.json);
}

/** The provider that keeps conversations, where the caller has but one; throws where it is to be named. */
function onlyKeeper(context: RequestContext): Keeper {
  const { caller, snapshot } = context;
  const names: string[] = [];
  for (const [name, { data }] of snapshot.providers) {
    const isAllowed = caller === null || caller.grants.has(name);
    if (isAllowed && data.manifest.keeps?.includes("responses") === true) names.push(name);
  }
  const keeper = names.length === 1 ? namedKeeper(context, names[0] ?? null, "responses") : null;
  if (keeper !== null) return keeper;
  if (names.length === 0) throw new GatewayError("unsupported_operation", "no provider here has conversations");
  const text = `several providers have conversations (${names.join(", ")}): name one in x-trunkline-provider`;
  throw new GatewayError("invalid_request", text, { param: "provider" });
}

export function getConversation(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "GET");
}

export function updateConversation(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "POST");
}

/** Its items stay at the provider, as the vendor says. */
export async function deleteConversation(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper } = await conversationOf(context, id);
  const answer = await askKeeper(context, keeper, { method: "DELETE", path: pathOf(id) });
  if ("reply" in answer) return answer.reply;
  await context.runtime.state.ask("object_drop", askerOf(context), { kind: "conversation", id });
  return jsonReply(answer.json);
}

export function listConversationItems(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "GET", "/items");
}

export function addConversationItems(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "POST", "/items");
}

export function getConversationItem(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "GET", itemPath(service));
}

export function deleteConversationItem(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, "DELETE", itemPath(service));
}

async function asked(
  context: RequestContext,
  { id, query }: ServiceCall,
  method: KeeperRequest["method"],
  action = "",
): Promise<Reply> {
  const { keeper } = await conversationOf(context, id);
  const asking: KeeperRequest = { method, path: pathOf(id) + action, query };
  return passTo(context, keeper, method === "POST" ? { ...asking, body: context.arrival.body.json } : asking);
}

function pathOf(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`;
}

function itemPath({ itemId = "" }: ServiceCall): string {
  return `/items/${encodeURIComponent(itemId)}`;
}

async function conversationOf(context: RequestContext, id: string): Promise<{ keeper: Keeper }> {
  const { keeper } = await find(context, "conversation", id);
  if (keeper === null) throw new GatewayError("internal_error", "a conversation has no keeper");
  return { keeper };
}

/** The id of the conversation that a request of the Responses API names, as a text or as an object; null: none. */
export function conversationIn({ conversation }: JsonObject): string | null {
  const id: Json | undefined = isJsonObject(conversation) ? conversation["id"] : conversation;
  return typeof id === "string" && id !== "" ? id : null;
}

/**
 * The provider and key that have the conversation of a request; throws `not_found` for one that the caller's team did not
 * make here. Callers without a virtual key share all that is there, so theirs may be one that was made elsewhere: null.
 */
export async function conversationPlace(
  context: RequestContext,
  id: string,
): Promise<{ provider: string; key: string } | null> {
  try {
    const { keeper } = await conversationOf(context, id);
    return { provider: keeper.provider.data.name, key: keeper.key.data.name };
  } catch (error) {
    const isOpen = context.caller === null && error instanceof GatewayError && error.code === "not_found";
    if (isOpen) return null;
    throw error;
  }
}
