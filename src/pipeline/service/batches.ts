import { GatewayError } from "../../canonical/errors.ts";
import { objectFrom, textOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { find, note, providerNamed } from "./files.ts";
import { askKeeper, checkModels, namedKeeper, noteUnknownCost, type Keeper } from "./keeper.ts";
import { lineBody, modelsIn, nativeLines } from "./native-lines.ts";
import { jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

/** `POST /batches`: https://platform.openai.com/docs/api-reference/batch/create */
export async function createBatch(context: RequestContext): Promise<Reply> {
  const { provider: _, ...body } = context.arrival.body.json;
  const { input_file_id: id } = body;
  if (typeof id !== "string")
    throw new GatewayError("invalid_request", "'input_file_id' is needed", { param: "input_file_id" });
  const file = await find(context, "file", id);
  if (file.keeper !== null) return createAt(context, file.keeper, body);
  const { state } = context.runtime;
  const named = namedKeeper(context, providerNamed(context), "files");
  const moved = await moveFile(context, named, id, file.body);
  if (moved !== null) return createAt(context, moved.keeper, { ...body, input_file_id: moved.id });
  return jsonReply(await state.ask("batch_create", askerOf(context), body));
}

async function createAt(context: RequestContext, keeper: Keeper, body: JsonObject): Promise<Reply> {
  noteUnknownCost(context, keeper);
  const answer = await askKeeper(context, keeper, { method: "POST", path: "/batches", body });
  if ("reply" in answer) return answer.reply;
  await noteBatch(context, keeper, answer.json);
  return jsonReply(answer.json);
}

/** A file that lies here goes to the provider that is named, or that all of its lines name; null: the batch is run here. */
async function moveFile(
  context: RequestContext,
  named: Keeper | null,
  id: string,
  facts: JsonObject,
): Promise<{ keeper: Keeper; id: string } | null> {
  if (named === null && providerNamed(context) !== null) return null;
  const { body } = await context.runtime.state.bytes("file", askerOf(context), id);
  const text = await new Response(body).text();
  const own = named === null ? ownLines(context, text) : { keeper: named, text, models: modelsIn(text) };
  if (own === null) return null;
  checkModels(context, own.keeper, own.models);
  const form = [
    { name: "purpose", data: Buffer.from("batch") },
    {
      name: "file",
      filename: textOf(facts["filename"]),
      contentType: "application/jsonl",
      data: Buffer.from(own.text),
    },
  ];
  const answer = await askKeeper(context, own.keeper, { method: "POST", path: "/files", form });
  if ("reply" in answer)
    throw new GatewayError("upstream_error", `provider ${own.keeper.provider.data.name} did not take the file`);
  await note(context, own.keeper, "file", answer.json);
  return { keeper: own.keeper, id: textOf(answer.json["id"]) };
}

function ownLines(context: RequestContext, text: string): { keeper: Keeper; text: string; models: Set<string> } | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const bodies = lines.map(lineBody);
  if (bodies.some((body) => body === null)) return null;
  const found = nativeLines(context, bodies as JsonObject[], "files");
  const keeper = found === null ? null : namedKeeper(context, found.provider, "files");
  if (found === null || keeper === null) return null;
  const rewritten = lines.map((line, at) => JSON.stringify({ ...objectFrom(line), body: found.lines[at] ?? {} }));
  return { keeper, text: `${rewritten.join("\n")}\n`, models: found.models };
}

export async function getBatch(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  return asked(context, id, "GET", "", "batch_get");
}

export async function cancelBatch(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  return asked(context, id, "POST", "/cancel", "batch_cancel");
}

export async function listBatches(context: RequestContext, { query }: ServiceCall): Promise<Reply> {
  const page = Object.fromEntries(new URLSearchParams(query));
  return jsonReply(await context.runtime.state.ask("batch_list", askerOf(context), page));
}

async function asked(
  context: RequestContext,
  id: string,
  method: "GET" | "POST",
  action: string,
  ask: "batch_get" | "batch_cancel",
): Promise<Reply> {
  const { keeper } = await find(context, "batch", id);
  if (keeper === null) return jsonReply(await context.runtime.state.ask(ask, askerOf(context), { id }));
  const answer = await askKeeper(context, keeper, { method, path: `/batches/${encodeURIComponent(id)}${action}` });
  if ("reply" in answer) return answer.reply;
  await noteBatch(context, keeper, answer.json);
  return jsonReply(answer.json);
}

/** The files that a batch brings are the caller's, too. */
async function noteBatch(context: RequestContext, keeper: Keeper, batch: JsonObject): Promise<void> {
  await note(context, keeper, "batch", batch);
  for (const field of ["output_file_id", "error_file_id"]) {
    const id: Json | undefined = batch[field];
    if (typeof id !== "string" || id === "") continue;
    const file = {
      id,
      object: "file",
      purpose: "batch_output",
      filename: `${id}.jsonl`,
      bytes: 0,
      status: "processed",
    };
    await note(context, keeper, "file", { ...file, created_at: Math.floor(context.arrival.wall / 1000) });
  }
}
