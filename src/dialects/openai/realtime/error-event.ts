import type { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";

/** The `error` of a `RealtimeErrorEvent`. `cause`: the client's own id of the event that was refused. */
export function encodeRealtimeError({ code, message, fields, status }: GatewayError, cause: string | null): JsonObject {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { type, code, message, param: fields.param ?? null, event_id: cause };
}
