import type { Tasks } from "../../../canonical/task.ts";
import { embeddings } from "../embeddings/index.ts";
import { image, imageEdit } from "./image.ts";
import { speech } from "./speech.ts";
import { transcription, translation } from "./transcription.ts";
import { video, videoContent, videoStatus } from "./video.ts";

/** Operations of the Gemini API beside chat; but for embeddings, for clients of other dialects alone: https://ai.google.dev/api */
export const geminiTasks: Tasks = {
  embeddings,
  image,
  image_edit: imageEdit,
  speech,
  transcription,
  translation,
  video,
  video_content: videoContent,
  video_status: videoStatus,
};
