import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { bytesReply, jsonReply } from "./replies.ts";
import type { ServiceCall } from "./service-call.ts";

/** How a job stands, with its answer once it has one: 202 until then. */
export async function getJob(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  const job = await context.runtime.state.ask("job_get", askerOf(context), { id });
  const isPending = isJsonObject(job) && (job["status"] === "queued" || job["status"] === "in_progress");
  return jsonReply(job, isPending ? 202 : 200);
}

/** The answer of a job as it was. */
export async function jobContent(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  return bytesReply(context, await context.runtime.state.bytes("job", askerOf(context), id));
}

export async function deleteJob(context: RequestContext, { id }: ServiceCall): Promise<Reply> {
  return jsonReply(await context.runtime.state.ask("job_drop", askerOf(context), { id }));
}

/** What the records know of an answer. */
export async function getGeneration(context: RequestContext, { query }: ServiceCall): Promise<Reply> {
  const id = new URLSearchParams(query).get("id");
  if (id === null || id === "") throw new GatewayError("invalid_request", "'id' is needed", { param: "id" });
  return jsonReply(await context.runtime.state.ask("generation", askerOf(context), { id }));
}
