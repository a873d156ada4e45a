import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { modelSegments } from "../../canonical/model-segments.ts";

/** States of a request in the queue: https://docs.fal.ai/model-apis/model-endpoints/queue */
export type QueueState = "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";

const STATES: readonly QueueState[] = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"];

/** What the queue says of a request. */
export interface Queued {
  id: string;
  state: QueueState;
  /** Why it failed; absent: it did not, or is not done. */
  error?: string;
  raw: JsonObject;
}

/** Reads what the queue says; null for a result, and for what is neither. */
export function readQueued(body: Json): Queued | null {
  if (!isJsonObject(body)) return null;
  const { request_id: id, status, error } = body;
  const state = STATES.find((each) => each === status);
  if (typeof id !== "string" || id === "" || state === undefined) return null;
  return { id, state, ...(typeof error === "string" && error !== "" && { error }), raw: body };
}

/** The same where it must be one. */
export function queuedIn(body: Json): Queued {
  const queued = readQueued(body);
  if (queued === null)
    throw new GatewayError(
      "provider_protocol_error",
      "the provider's answer is no request: no `request_id` or `status`",
    );
  return queued;
}

/** Where a model is asked. */
export function modelPath(model: string): string {
  return `/${modelSegments(model).join("/")}`;
}

/** Namespaces before an owner. */
const NAMESPACES: ReadonlySet<string> = new Set(["workflows", "comfy"]);

/** Where a request is looked at: what stands behind owner and name of a model is none of it. */
export function requestPath(model: string, id: string): string {
  const segments = model.split("/");
  const app = segments.slice(0, NAMESPACES.has(segments[0] ?? "") ? 3 : 2).join("/");
  return `${modelPath(app)}/requests/${encodeURIComponent(id)}`;
}
