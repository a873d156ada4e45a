import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Job, KeptResponse } from "../../domain/state/port.ts";

/** What a background response needs beside its request. */
export interface Background {
  /** The response as it was first answered. */
  base: JsonObject;
  input: Json[];
  previous: string | null;
}

/** The background response that a job brings; null: it brings none. */
export function backgroundOf({ headers }: Job): Background | null {
  const { background } = JSON.parse(headers) as { background?: Background };
  return background ?? null;
}

/** The kept answer of a background response that has ended; `answer`: what the request brought, null when it was never made. */
export function endedResponse(
  job: Job,
  { base, input, previous }: Background,
  answer: { status: number; json: Json } | null,
  expiresAt: number,
): KeptResponse {
  return {
    id: job.id,
    owner: job.owner,
    created_at: job.created_at,
    expires_at: expiresAt,
    previous,
    input: JSON.stringify(input),
    response: JSON.stringify(responseOf(job, base, answer)),
  };
}

function responseOf(job: Job, base: JsonObject, answer: { status: number; json: Json } | null): JsonObject {
  if (answer === null)
    return { ...base, id: job.id, status: job.state === "cancelled" ? "cancelled" : "failed", error: BROKEN };
  const { status, json } = answer;
  if (status < 300 && isJsonObject(json)) return { ...json, id: job.id, background: true };
  const said = isJsonObject(json) && isJsonObject(json["error"]) ? json["error"] : {};
  return {
    ...base,
    id: job.id,
    status: "failed",
    error: { code: said["code"] ?? "server_error", message: said["message"] ?? "" },
  };
}

const BROKEN = { code: "server_error", message: "the request was interrupted and not made again" };
