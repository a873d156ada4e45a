import type { Tasks } from "../../../canonical/task.ts";
import { embeddings } from "./embeddings.ts";
import { image, imageEdit } from "./image.ts";
import { rerank } from "./rerank.ts";
import { speech } from "./speech.ts";
import { transcription } from "./transcription.ts";

/** The models of the AI SDK's gateway protocol beside language models. */
export const tasks: Tasks = { embeddings, image, image_edit: imageEdit, rerank, speech, transcription };
