import type { Tasks } from "../../canonical/task.ts";
import { video, videoContent, videoDelete, videoStatus } from "./video.ts";

/** Runway: https://docs.dev.runwayml.com/api */
export const runwayTasks: Tasks = {
  video,
  video_content: videoContent,
  video_delete: videoDelete,
  video_status: videoStatus,
};
