import { NO_BODY } from "../domain/attempt/patch.ts";
import type { RequestContext } from "./context.ts";
import type { Prepared } from "./prepared.ts";

/**
 * Lets go of what only another attempt would need, once there can be none: a stream lasts for minutes, and the prompts of
 * thousands of them, each as text, as JSON and as items, would fill the memory. Kept are the fields that answers repeat, and
 * all of a request whose answer is to be kept with it.
 */
export function releaseRequest(context: RequestContext, prepared: Prepared): void {
  prepared.body = "";
  const { arrival, chatRequest } = context;
  if (context.isKept) return;
  arrival.body = NO_BODY;
  // Where answers of the Responses API are made here, they repeat the instructions, which are an item.
  if (chatRequest !== null && (prepared.isRelay || arrival.operation !== "responses")) chatRequest.items = [];
}
