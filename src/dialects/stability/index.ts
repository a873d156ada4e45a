import type { Tasks } from "../../canonical/task.ts";
import { image, imageEdit } from "./image.ts";

/** Stability AI: https://platform.stability.ai/docs/api-reference */
export const stabilityTasks: Tasks = { image, image_edit: imageEdit };
