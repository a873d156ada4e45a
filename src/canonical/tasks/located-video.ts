import { GatewayError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { VideoContentAnswer, VideoJob } from "./video.ts";

/** A finished video that is at an address, which needs no credential; null for what is no such address. */
export function locatedVideo(location: Json | undefined): VideoContentAnswer | null {
  if (typeof location !== "string" || !location.startsWith("https://")) return null;
  return { data: new Uint8Array(), contentType: "text/plain", location };
}

/** A job without a file, as it stands. */
export function noVideo(status: VideoJob["status"]): GatewayError {
  return new GatewayError("not_found", `the video is ${status}: there is no file of it`, { param: "video_id" });
}
