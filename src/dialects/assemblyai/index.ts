import type { Tasks } from "../../canonical/task.ts";
import { transcription } from "./transcription.ts";

/** AssemblyAI: https://www.assemblyai.com/docs/api-reference */
export const assemblyaiTasks: Tasks = { transcription };
