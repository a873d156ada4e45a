import type { Tasks } from "../../canonical/task.ts";
import { rerank } from "./rerank.ts";

/** Hugging Face's Text Embeddings Inference: https://huggingface.co/docs/text-embeddings-inference */
export const teiTasks: Tasks = { rerank };
