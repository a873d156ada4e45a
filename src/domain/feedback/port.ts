import type { JsonObject } from "../../canonical/json.ts";

/** What somebody thinks of an answer. */
export interface Feedback {
  /** Id of the request that was answered. */
  request_id: string;
  /** Who says so: `virtual_key:NAME`, or a name that an administrator gave. Each says one thing of a request. */
  source: string;
  /** Unix milliseconds. */
  time: number;
  /** −1 (bad) to 1 (good). */
  score: number;
  /** How much it counts in a mean, 0 to 1. */
  weight: number;
  label: string | null;
  comment: string | null;
  metadata: JsonObject | null;
}

/** Where feedback is kept. Every call may throw while the store is away. */
export interface FeedbackStore {
  /** Keeps it in place of what the same source said of the request before; tells which of the two it was. */
  putFeedback(feedback: Feedback): "added" | "changed";
  /** Of these requests, oldest first. */
  feedbackOf(requestIds: readonly string[]): Feedback[];
}
