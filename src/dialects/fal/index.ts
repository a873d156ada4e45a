import type { Tasks } from "../../canonical/task.ts";
import { image, imageEdit } from "./image.ts";
import { video, videoContent, videoStatus } from "./video.ts";

/** Fal: https://docs.fal.ai/model-apis/model-endpoints/queue */
export const falTasks: Tasks = {
  image,
  image_edit: imageEdit,
  video,
  video_content: videoContent,
  video_status: videoStatus,
};
