import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type Json } from "../../canonical/json.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { keeperOf, passTo, type KeeperRequest } from "./keeper.ts";
import { jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

/** `GET /responses/{id}`: https://platform.openai.com/docs/api-reference/responses/get */
export function getResponse(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, { method: "GET", path: "" }, "response_get");
}

export function deleteResponse(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, { method: "DELETE", path: "" }, "response_delete");
}

/** Ends a response in the background. */
export function cancelResponse(context: RequestContext, service: ServiceCall): Promise<Reply> {
  return asked(context, service, { method: "POST", path: "/cancel" }, "response_cancel");
}

/** What led to a response, newest first unless `order=asc`. */
export async function listInputItems(context: RequestContext, service: ServiceCall): Promise<Reply> {
  const reply = await asked(context, service, { method: "GET", path: "/input_items" }, "response_items");
  const { body } = reply;
  if (typeof body !== "string") return reply;
  return jsonReply(pageOf(JSON.parse(body) as Json[], new URLSearchParams(service.query)));
}

async function asked(
  context: RequestContext,
  { id, query }: ServiceCall,
  request: KeeperRequest,
  ask: "response_get" | "response_delete" | "response_cancel" | "response_items",
): Promise<Reply> {
  const asker = askerOf(context);
  const origin = await context.runtime.state.ask("response_origin", asker, { id });
  if (!isJsonObject(origin) || origin["kind"] !== "provider") {
    if (new URLSearchParams(query).get("stream") === "true") {
      throw new GatewayError("unsupported_operation", "a kept response is not streamed again", { param: "stream" });
    }
    return jsonReply(await context.runtime.state.ask(ask, asker, { id }));
  }
  const { provider, provider_key: key } = origin;
  const keeper = keeperOf(context, textOf(provider), textOf(key));
  if (keeper.provider.data.manifest.keeps?.includes("responses") !== true) {
    throw new GatewayError("not_found", "that response was not kept", { param: "response_id" });
  }
  return passTo(context, keeper, { ...request, path: `/responses/${encodeURIComponent(id)}${request.path}`, query });
}

const USUAL = 20;
const MOST = 100;

function pageOf(items: Json[], query: URLSearchParams): Json {
  const ordered = query.get("order") === "asc" ? items : items.toReversed();
  const after = query.get("after");
  const start = after === null ? 0 : ordered.findIndex((item) => idOf(item) === after) + 1;
  const limit = Math.min(MOST, Math.max(1, Number(query.get("limit") ?? USUAL) || USUAL));
  const data = ordered.slice(start, start + limit);
  const [first, last] = [data[0], data.at(-1)].map((item) => (item === undefined ? null : idOf(item)));
  return {
    object: "list",
    data,
    first_id: first ?? null,
    last_id: last ?? null,
    has_more: start + limit < ordered.length,
  };
}

function idOf(item: Json): string | null {
  return isJsonObject(item) && typeof item["id"] === "string" ? item["id"] : null;
}
