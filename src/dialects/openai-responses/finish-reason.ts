import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";

/** The canonical reason and the wire's own word for it. */
export interface DecodedFinish {
  reason: FinishReason;
  raw: string;
}

const INCOMPLETE: ReadonlyMap<Json | undefined, FinishReason> = new Map<Json | undefined, FinishReason>([
  ["max_output_tokens", "length"],
  ["max_tokens", "length"],
  ["content_filter", "content_filter"],
]);

/** Statuses of an answer that has not ended yet (background mode), or was cancelled: `other`, with the status as word. */
const UNFINISHED: ReadonlySet<string> = new Set(["queued", "in_progress", "cancelled"]);

/** Why a response ended. `completed` means `tool_calls` when the answer asks the caller to run tools. */
export function decodeFinish(response: JsonObject, asksForTools: boolean): DecodedFinish {
  const { status } = response;
  const details = response.incomplete_details;
  if (status === "incomplete") {
    const word = isJsonObject(details) && typeof details.reason === "string" ? details.reason : "incomplete";
    return { reason: INCOMPLETE.get(word) ?? "other", raw: word };
  }
  if (typeof status === "string" && UNFINISHED.has(status)) return { reason: "other", raw: status };
  return { reason: asksForTools ? "tool_calls" : "stop", raw: typeof status === "string" ? status : "completed" };
}

/** The fields of a response that tell how it ended. */
export interface EncodedFinish {
  status: string;
  incomplete_details: JsonObject | null;
  error: JsonObject | null;
}

const ENCODED: Readonly<Record<Exclude<FinishReason, "other">, EncodedFinish>> = {
  stop: completed(),
  stop_sequence: completed(),
  tool_calls: completed(),
  length: incomplete("max_output_tokens"),
  content_filter: incomplete("content_filter"),
  refusal: incomplete("content_filter"),
  pause: incomplete("pause"),
  error: {
    status: "failed",
    incomplete_details: null,
    error: { code: "server_error", message: "The provider broke off the answer." },
  },
};

function completed(): EncodedFinish {
  return { status: "completed", incomplete_details: null, error: null };
}

function incomplete(reason: string): EncodedFinish {
  return { status: "incomplete", incomplete_details: { reason }, error: null };
}

/**
 * How an answer that ended for this reason is told to a client. A refusal that was put into words is a completed answer,
 * as the vendor has it; one without words is told as a content filter's.
 */
export function encodeFinish(reason: FinishReason, raw: string | undefined, saidRefusal: boolean): EncodedFinish {
  if (reason === "refusal" && saidRefusal) return ENCODED.stop;
  if (reason !== "other") return ENCODED[reason];
  if (raw === undefined || raw === "completed") return ENCODED.stop;
  return UNFINISHED.has(raw) ? { ...completed(), status: raw } : incomplete(raw);
}
