import type { UpstreamFault } from "../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../canonical/json.ts";

/** Reads `{err_code, err_msg, request_id}`, or `{category, message, details}` of newer endpoints: https://developers.deepgram.com/docs/errors */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (!isJsonObject(body)) {
    return { status, message: typeof body === "string" && body !== "" ? body : `status ${status}`, body };
  }
  const code = body["err_code"] ?? body["category"];
  const message = body["err_msg"] ?? body["message"] ?? body["details"];
  return {
    status,
    message: typeof message === "string" ? message : `the provider answered ${status}`,
    body,
    ...(typeof code === "string" && { code }),
  };
}
