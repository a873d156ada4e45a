import type { Extensions } from "../content.ts";
import type { JsonObject } from "../json.ts";
import type { DialectName } from "../names.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";
import type { MediaInput } from "./media-input.ts";

/** A video to be made, in a job of its own. With `job`: a new version of the video of that job. */
export interface VideoRequest extends CallRequest {
  prompt: string;
  /** Length. */
  seconds?: number;
  /** `WIDTHxHEIGHT` in pixels. */
  size?: string;
  /** What it begins with. */
  image?: MediaInput;
  extensions: Extensions;
}

/** A question about a video's job. */
export interface VideoJobRequest extends CallRequest {
  job: string;
  /** Which file of a finished job: the video itself when absent. */
  variant?: string;
}

export interface VideoJob {
  id: string;
  status: "queued" | "in_progress" | "completed" | "failed";
  /** Percent; null: not known. */
  progress: number | null;
  /** Unix seconds; null: not known. */
  createdAt: number | null;
  completedAt: number | null;
  expiresAt: number | null;
  error: { code: string; message: string } | null;
  /** The provider's own object of the job, below the name of its dialect. */
  raw: Partial<Record<DialectName, JsonObject>>;
}

export interface VideoAnswer extends TaskAnswer {
  job: VideoJob;
}

/** Bytes of a finished video. */
export interface VideoContentAnswer extends TaskAnswer {
  data: Uint8Array;
  contentType: string;
  /** Where they are instead, at an address that needs no credential. */
  location?: string;
}

export interface VideoDeletedAnswer extends TaskAnswer {
  isDeleted: boolean;
}
