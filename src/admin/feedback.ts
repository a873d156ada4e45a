import { GatewayError } from "../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../canonical/json.ts";
import type { Feedback } from "../domain/feedback/port.ts";
import { presentFeedback } from "../domain/feedback/present.ts";
import { readFeedback, type FeedbackStatement } from "../domain/feedback/read-feedback.ts";
import { readAdminBody } from "./read-admin-body.ts";

/** Keeps what an administrator says of a request. */
export type GiveFeedback = (source: string, statement: FeedbackStatement) => Promise<Feedback>;

const MAX_SOURCE = 100;

/** `POST /api/feedback`: as callers give it, with an optional `source` (default `admin`): each says one thing of a request. */
export async function answerFeedback(body: JsonObject, give: GiveFeedback): Promise<JsonObject> {
  const { source = "admin", ...said } = body;
  if (typeof source !== "string" || !/^[\w.-]+$/.test(source) || source.length > MAX_SOURCE) {
    const text = `'source' must be of letters, digits, '.', '_' and '-', at most ${MAX_SOURCE}`;
    throw new GatewayError("invalid_request", text, { param: "source" });
  }
  return presentFeedback(await give(source, readFeedback(said)));
}

const MAX_BYTES = 65_536;

/** The JSON object in a management request's body; throws a `GatewayError` for anything else. */
export async function readJsonObject(request: Request): Promise<JsonObject> {
  const bytes = await readAdminBody(request, MAX_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new GatewayError("invalid_json", "the body is no JSON");
  }
  if (!isJsonObject(value)) throw new GatewayError("invalid_json", "the body must be a JSON object");
  return value;
}
