import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { FormPart } from "../../canonical/task.ts";
import type { ObjectKind } from "../../domain/state/port.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { askKeeper, checkModels, keeperOf, namedKeeper, passTo, type Keeper } from "./keeper.ts";
import { anyGoesOn, modelsIn } from "./native-lines.ts";
import { bytesReply, jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

/** `POST /files`: https://platform.openai.com/docs/api-reference/files/create */
export async function createFile(context: RequestContext): Promise<Reply> {
  const { form, json } = context.arrival.body;
  const file = form?.filter(({ name }) => name === "file") ?? [];
  const { purpose } = json;
  const [only] = file;
  if (form === null || only?.filename === undefined || file.length !== 1) {
    throw new GatewayError("invalid_request", "'file' must be one file of a multipart form", { param: "file" });
  }
  if (typeof purpose !== "string" || purpose === "" || purpose.length > 64) {
    throw new GatewayError("invalid_request", "'purpose' is needed", { param: "purpose" });
  }
  const keeper = namedKeeper(context, providerNamed(context), "files");
  if (keeper !== null) return createAt(context, keeper, form, only, purpose);
  const facts = { filename: only.filename.slice(0, 512), purpose, expires_after: expiryOf(json) };
  return jsonReply(await context.runtime.state.upload(askerOf(context), facts, only.data));
}

/** The provider that header, field or query name for something new. */
export function providerNamed({ arrival }: RequestContext): string | null {
  const { provider } = arrival.body.json;
  const inQuery = new URLSearchParams(arrival.service?.query ?? "").get("provider");
  return arrival.headers.get("x-trunkline-provider") ?? (typeof provider === "string" ? provider : inQuery);
}

function expiryOf(json: JsonObject): number | null {
  const seconds = Number(json["expires_after[seconds]"] ?? Number.NaN);
  if (Number.isNaN(seconds)) return null;
  if (seconds >= 3600 && seconds <= 2_592_000) return seconds;
  throw new GatewayError("invalid_request", "'expires_after.seconds' must be from 3600 to 2592000", {
    param: "expires_after",
  });
}

async function createAt(
  context: RequestContext,
  keeper: Keeper,
  form: readonly FormPart[],
  file: FormPart,
  purpose: string,
): Promise<Reply> {
  const text = Buffer.from(file.data).toString("utf8");
  const models = modelsIn(text);
  // What is no batch has lines of any kind.
  if (purpose !== "batch") models.delete("");
  checkModels(context, keeper, models);
  if (context.caller !== null && anyGoesOn(text)) {
    const why = "lines that go on from a response or a conversation are run here: leave the provider out";
    throw new GatewayError("invalid_request", why, { param: "file" });
  }
  const own = form.filter(({ name }) => name !== "provider");
  const answer = await askKeeper(context, keeper, { method: "POST", path: "/files", form: own });
  if ("reply" in answer) return answer.reply;
  await note(context, keeper, "file", answer.json);
  return jsonReply(answer.json);
}

/** Keeps in mind whose an object at a provider is. */
export async function note(
  context: RequestContext,
  { provider, key }: Keeper,
  kind: ObjectKind,
  body: JsonObject,
): Promise<void> {
  const place = { provider: provider.data.name, provider_key: key.data.name };
  const { id, bytes } = body;
  if (typeof id !== "string" || id.length > 512)
    throw new GatewayError("provider_protocol_error", `provider ${place.provider}: its answer has no id`);
  const facts = { kind, id, ...place, body, bytes: typeof bytes === "number" ? bytes : 0 };
  await context.runtime.state.ask("object_put", askerOf(context), facts);
}

export async function listFiles(context: RequestContext, { query }: ServiceCall): Promise<Reply> {
  const asked = Object.fromEntries(new URLSearchParams(query));
  return jsonReply(await context.runtime.state.ask("file_list", askerOf(context), asked));
}

export async function getFile(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper, body } = await find(context, "file", id);
  return keeper === null
    ? jsonReply(body)
    : passTo(context, keeper, { method: "GET", path: `/files/${encodeURIComponent(id)}` });
}

export async function fileContent(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper } = await find(context, "file", id);
  if (keeper !== null)
    return passTo(context, keeper, { method: "GET", path: `/files/${encodeURIComponent(id)}/content` });
  return bytesReply(context, await context.runtime.state.bytes("file", askerOf(context), id));
}

export async function deleteFile(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const { keeper } = await find(context, "file", id);
  if (keeper === null) return jsonReply(await context.runtime.state.ask("file_drop", askerOf(context), { id }));
  const answer = await askKeeper(context, keeper, { method: "DELETE", path: `/files/${encodeURIComponent(id)}` });
  if ("reply" in answer) return answer.reply;
  await context.runtime.state.ask("object_drop", askerOf(context), { kind: "file", id });
  return jsonReply(answer.json);
}

/** An object of the caller, and who keeps it; null: this gateway. */
export async function find(
  context: RequestContext,
  kind: ObjectKind,
  id: string,
): Promise<{ keeper: Keeper | null; body: JsonObject }> {
  const object = await context.runtime.state.ask("object_get", askerOf(context), { kind, id });
  if (!isJsonObject(object)) throw new GatewayError("internal_error", "the control thread's answer could not be read");
  const { provider, provider_key: key, body } = object;
  const keeper = typeof provider === "string" ? keeperOf(context, provider, textOf(key)) : null;
  return { keeper, body: isJsonObject(body) ? body : {} };
}
