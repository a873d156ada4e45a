import type { Asker } from "../../domain/state/ask.ts";
import type { Job } from "../../domain/state/port.ts";

/** The job of one line of a batch. */
export function lineJob(
  asker: Asker,
  batch: string,
  position: number,
  customId: string,
  path: string,
  body: unknown,
): Job {
  const now = Date.now();
  return {
    id: `${batch}_${position}`,
    batch,
    position,
    ...asker,
    state: "queued",
    custom_id: customId,
    path,
    content_type: "application/json",
    headers: "{}",
    request: Buffer.from(JSON.stringify(body)),
    status: null,
    answer_type: null,
    request_id: null,
    answer: null,
    created_at: now,
    not_before: now,
    ended_at: null,
    expires_at: null,
  };
}
