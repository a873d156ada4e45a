import type { Tasks } from "../../../canonical/task.ts";
import { image, imageEdit } from "./image.ts";
import { speech } from "./speech.ts";
import { transcription, translation } from "./transcription.ts";
import { video, videoContent, videoStatus } from "./video.ts";

/** Operations beside chat that the Gemini API does for clients of other dialects: https://ai.google.dev/api */
export const geminiTasks: Tasks = {
  image,
  image_edit: imageEdit,
  speech,
  transcription,
  translation,
  video,
  video_content: videoContent,
  video_status: videoStatus,
};
