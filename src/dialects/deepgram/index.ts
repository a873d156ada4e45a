import type { Tasks } from "../../canonical/task.ts";
import { speech } from "./speech.ts";
import { transcription } from "./transcription.ts";

export { decodeError } from "./errors.ts";

/** Deepgram: https://developers.deepgram.com/reference */
export const deepgramTasks: Tasks = { speech, transcription };
