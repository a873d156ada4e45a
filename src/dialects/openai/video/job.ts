import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { VideoAnswer, VideoJob } from "../../../canonical/tasks/video.ts";
import type { CallRequest } from "../../../canonical/task.ts";

const STATUSES = ["queued", "in_progress", "completed", "failed"] as const;

/** Reads a video object: https://platform.openai.com/docs/api-reference/videos/object */
export function decodeJob(answer: TaskWireAnswer): VideoJob {
  const raw = answer.json();
  const status = isJsonObject(raw) ? STATUSES.find((each) => each === raw["status"]) : undefined;
  if (!isJsonObject(raw) || typeof raw["id"] !== "string" || status === undefined)
    throw new GatewayError("provider_protocol_error", "the provider's answer is no video job: no `id` or `status`");
  return {
    id: raw["id"],
    status,
    progress: numberOf(raw["progress"]),
    createdAt: numberOf(raw["created_at"]),
    completedAt: numberOf(raw["completed_at"]),
    expiresAt: numberOf(raw["expires_at"]),
    error: errorOf(raw["error"]),
    raw: { openai: raw },
  };
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function errorOf(value: Json | undefined): VideoJob["error"] {
  if (!isJsonObject(value)) return null;
  const { code, message } = value;
  return { code: typeof code === "string" ? code : "", message: typeof message === "string" ? message : "" };
}

/** Writes a video object; OpenAI's own keeps its further fields, but for ids that only the provider knows. */
export function encodeJob({ job }: VideoAnswer, { request, createdAt }: TaskReply<CallRequest>): EncodedAnswer {
  const { remixed_from_video_id: remixedFrom, ...rest } = job.raw.openai ?? {};
  const body: JsonObject = {
    object: "video",
    model: request.model,
    ...rest,
    id: job.id,
    status: job.status,
    progress: job.progress ?? (job.status === "completed" ? 100 : 0),
    created_at: job.createdAt ?? request.jobBegunAt ?? createdAt,
    completed_at: job.completedAt,
    expires_at: job.expiresAt,
    error: job.error,
  };
  if (remixedFrom != null) body["remixed_from_video_id"] = null;
  return { contentType: "application/json", body: JSON.stringify(body) };
}
