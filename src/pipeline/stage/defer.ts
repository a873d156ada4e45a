import { GatewayError } from "../../canonical/errors.ts";
import { VIRTUAL_KEY_PREFIX } from "../../domain/identity/virtual-key.ts";
import { writeForm } from "../../lib/multipart.ts";
import type { Arrival, RequestContext, Stage } from "../context.ts";
import { askerOf } from "../service/asker.ts";

/** Puts a request whose answer is to be fetched later into the queue, and answers with the job. */
export const defer: Stage = {
  name: "defer",
  readsBody: true,
  admit(context: RequestContext): void | Promise<void> {
    if (context.arrival.isAsync === true) return enqueue(context);
  },
};

async function enqueue(context: RequestContext): Promise<void> {
  if (context.call.stream) {
    throw new GatewayError("invalid_request", "an answer that is fetched later cannot be streamed", {
      param: "stream",
    });
  }
  const { content_type, data } = bodyOf(context.arrival);
  const facts = { path: context.arrival.path ?? "", content_type, headers: laterHeaders(context.arrival) };
  const job = await context.runtime.state.defer(askerOf(context), facts, data);
  context.reply = { status: 202, contentType: "application/json", body: JSON.stringify(job) };
}

/** The body of a request that is made again. */
export function bodyOf({ body }: Pick<Arrival, "body">): { content_type: string; data: Uint8Array } {
  if (body.form === null) return { content_type: "application/json", data: Buffer.from(body.text) };
  const { contentType, data } = writeForm(body.form);
  return { content_type: contentType, data };
}

/** Of one connection, made anew, or credentials. */
const NOT_LATER =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|expect|accept-encoding|content-.*|authorization|proxy-.*|cookie|api-key|x-api-key|x-goog-api-key|x-trunkline-(?:key|async|internal|caller)|cf-aig-authorization|x-bf-vk|x-bf-async.*|x-portkey-api-key|x-litellm-api-key|x-ai-gateway-api-key)$/;

/** The client's headers that a request that is made later has, too. */
export function laterHeaders({ headers }: Pick<Arrival, "headers">): Record<string, string> {
  const all = Object.entries(headers.toJSON());
  return Object.fromEntries(
    all.filter(([name, value]) => !NOT_LATER.test(name) && !value.includes(VIRTUAL_KEY_PREFIX)),
  );
}
