import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, textOf, type JsonObject } from "../../canonical/json.ts";
import { presentFeedback } from "../../domain/feedback/present.ts";
import { readFeedback } from "../../domain/feedback/read-feedback.ts";
import type { Feedback } from "../../domain/feedback/port.ts";
import type { Reply, RequestContext } from "../context.ts";
import { askerOf } from "./asker.ts";
import { jsonReply } from "./replies.ts";

/** Feedback is short; longer bodies are not looked at. */
const MAX_BYTES = 65_536;

/** `POST /feedback`: what the caller thinks of an answer that it got. */
export async function giveFeedback(context: RequestContext): Promise<Reply> {
  const { body, bodyLength } = context.arrival;
  if (bodyLength > MAX_BYTES) throw new GatewayError("body_too_large", `feedback is at most ${MAX_BYTES} bytes`);
  const [twice] = body.scan.duplicates;
  if (twice !== undefined) {
    throw new GatewayError("invalid_request", `${twice.slice(0, 100)}: stands in the body twice`, {
      param: twice.slice(0, 100),
    });
  }
  const statement = readFeedback(body.json);
  const kept = await context.runtime.state.ask("feedback", askerOf(context), { ...statement });
  if (!isJsonObject(kept)) throw new GatewayError("internal_error", "the control thread's answer could not be read");
  return jsonReply("trace_id" in body.json ? portkeyAnswer(kept) : presentFeedback(kept as unknown as Feedback));
}

/** https://portkey.ai/docs/api-reference/admin-api/data-plane/feedback/create-feedback */
function portkeyAnswer({ request_id: id, source }: JsonObject): JsonObject {
  return {
    status: "success",
    message: "Feedback successfully saved",
    feedback_ids: [`${textOf(id)}/${textOf(source)}`],
  };
}
