import type { Tasks } from "../../canonical/task.ts";
import { image, imageEdit } from "./image.ts";

/** Black Forest Labs: https://docs.bfl.ai/api-reference */
export const bflTasks: Tasks = { image, image_edit: imageEdit };
