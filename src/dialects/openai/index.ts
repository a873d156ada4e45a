import type { Tasks } from "../../canonical/task.ts";
import { embeddings } from "./embeddings/index.ts";
import { image } from "./image/index.ts";
import { imageEdit } from "./image-edit/index.ts";
import { imageVariation } from "./image-variation/index.ts";
import { moderation } from "./moderation/index.ts";
import { speech } from "./speech/index.ts";
import { transcription } from "./transcription/index.ts";
import { translation } from "./translation/index.ts";
import { video } from "./video/create.ts";
import { videoContent, videoDelete, videoStatus } from "./video/questions.ts";

export { realtime } from "./realtime.ts";

/** OpenAI's APIs beside chat: https://platform.openai.com/docs/api-reference */
export const openaiTasks: Tasks = {
  embeddings,
  image,
  image_edit: imageEdit,
  image_variation: imageVariation,
  moderation,
  speech,
  transcription,
  translation,
  video,
  video_content: videoContent,
  video_delete: videoDelete,
  video_status: videoStatus,
};
