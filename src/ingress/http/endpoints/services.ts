import type { ServiceOperation } from "../../../canonical/names.ts";
import type { ServiceAction } from "../../../pipeline/service/service-call.ts";
import type { BodyKind } from "../body.ts";
import { type Match } from "./endpoint.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

interface Route {
  method: "GET" | "POST" | "DELETE";
  /** With `*` for an id. */
  path: string;
  operation: ServiceOperation;
  action: ServiceAction;
  /** Absent: none is read. */
  body?: BodyKind;
}

type Row = readonly [Route["method"], string, ServiceOperation, ServiceAction, BodyKind?];

/** OpenAI's and Anthropic's paths for what outlives a request, the gateway's for jobs and feedback, and OpenRouter's for records. */
const ROUTES: readonly Row[] = [
  ["GET", "/responses/*", "stored_response", "response_get"],
  ["DELETE", "/responses/*", "stored_response", "response_delete"],
  ["POST", "/responses/*/cancel", "stored_response", "response_cancel"],
  ["GET", "/responses/*/input_items", "stored_response", "response_items"],
  ["POST", "/files", "file", "file_create", "json_or_form"],
  ["GET", "/files", "file", "file_list"],
  ["GET", "/files/*", "file", "file_get"],
  ["DELETE", "/files/*", "file", "file_delete"],
  ["GET", "/files/*/content", "file", "file_content"],
  ["POST", "/batches", "batch", "batch_create", "json"],
  ["GET", "/batches", "batch", "batch_list"],
  ["GET", "/batches/*", "batch", "batch_get"],
  ["POST", "/batches/*/cancel", "batch", "batch_cancel"],
  ["POST", "/conversations", "conversation", "conversation_create", "json"],
  ["GET", "/conversations/*", "conversation", "conversation_get"],
  ["POST", "/conversations/*", "conversation", "conversation_update", "json"],
  ["DELETE", "/conversations/*", "conversation", "conversation_delete"],
  ["GET", "/conversations/*/items", "conversation", "conversation_items"],
  ["POST", "/conversations/*/items", "conversation", "conversation_items_add", "json"],
  ["GET", "/conversations/*/items/*", "conversation", "conversation_item_get"],
  ["DELETE", "/conversations/*/items/*", "conversation", "conversation_item_delete"],
  ["POST", "/messages/batches", "message_batch", "message_batch_create", "json"],
  ["GET", "/messages/batches", "message_batch", "message_batch_list"],
  ["GET", "/messages/batches/*", "message_batch", "message_batch_get"],
  ["DELETE", "/messages/batches/*", "message_batch", "message_batch_delete"],
  ["POST", "/messages/batches/*/cancel", "message_batch", "message_batch_cancel"],
  ["GET", "/messages/batches/*/results", "message_batch", "message_batch_results"],
  ["GET", "/async/*", "async_job", "job_get"],
  ["DELETE", "/async/*", "async_job", "job_delete"],
  ["GET", "/async/*/content", "async_job", "job_content"],
  ["GET", "/generation", "generation", "generation"],
  ["POST", "/feedback", "feedback", "feedback_create", "json"],
];

/** First segments of these paths. */
const SEGMENTS = new Set(ROUTES.map(([, path]) => path.split("/")[1]));

/** All paths, for the reference: method and path. */
export const SERVICE_PATHS: readonly (readonly [string, string])[] = ROUTES.map(([method, path]) => [
  method,
  path.replace("*", "{id}").replace("*", "{item_id}"),
]);

/** The endpoint of what is asked about things that outlive a request; null: another path. */
export function serviceMatch(method: string, path: string): Match | null {
  const segments = path.split("/");
  if (!SEGMENTS.has(segments[1] ?? "")) return null;
  const allow: string[] = [];
  for (const row of ROUTES) {
    const ids = idsIn(row[1], segments);
    if (ids === null) continue;
    if (row[0] === method) return found(row, ids);
    allow.push(row[0]);
  }
  return allow.length === 0 ? null : { status: "wrong_method", allow: allow.join(", ") };
}

/** The ids that a path names; null: it is not this path. */
function idsIn(pattern: string, segments: readonly string[]): string[] | null {
  const parts = pattern.split("/");
  if (parts.length !== segments.length) return null;
  const ids: string[] = [];
  for (const [at, part] of parts.entries()) {
    const segment = segments[at] ?? "";
    if (part === "*") ids.push(percentDecoded(segment));
    else if (part !== segment) return null;
  }
  return ids;
}

function found([, path, operation, action, bodyKind]: Row, [id = "", itemId]: readonly string[]): Match {
  const dialect = path.startsWith("/messages/") ? "anthropic-messages" : "openai-responses";
  const body = bodyKind === undefined ? { isBodiless: true } : { bodyKind };
  const service = { action, id, ...(itemId !== undefined && { itemId }) };
  return {
    status: "found",
    endpoint: { type: "inference", operation, dialect, pathModel: null, pathStream: false, service, ...body },
  };
}
