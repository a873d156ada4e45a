import type { JsonObject } from "../../canonical/json.ts";
import type { Feedback } from "./port.ts";

/** Feedback as people read it, with its time in ISO 8601. */
export function presentFeedback({
  request_id,
  source,
  time,
  score,
  weight,
  label,
  comment,
  metadata,
}: Feedback): JsonObject {
  const said = { score, weight, label, comment, metadata };
  return { request_id, source, time: new Date(time).toISOString(), ...said };
}
