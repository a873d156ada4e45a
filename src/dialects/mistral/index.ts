import type { Tasks } from "../../canonical/task.ts";
import { ocr } from "./ocr.ts";

/** Mistral's APIs beside those that it has in OpenAI's form: https://docs.mistral.ai/api */
export const mistralTasks: Tasks = { ocr };
