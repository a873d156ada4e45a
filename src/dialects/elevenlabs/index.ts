import type { Tasks } from "../../canonical/task.ts";
import { speech } from "./speech.ts";
import { transcription } from "./transcription.ts";

/** ElevenLabs: https://elevenlabs.io/docs/api-reference */
export const elevenlabsTasks: Tasks = { speech, transcription };
