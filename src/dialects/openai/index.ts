import type { Tasks } from "../../canonical/task.ts";
import { embeddings } from "./embeddings/index.ts";
import { moderation } from "./moderation/index.ts";

/** OpenAI's APIs beside chat: https://platform.openai.com/docs/api-reference */
export const openaiTasks: Tasks = { embeddings, moderation };
