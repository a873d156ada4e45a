import type { Tasks } from "../../canonical/task.ts";
import { embeddings, embeddingsV1 } from "./embeddings/index.ts";
import { rerank, rerankV1 } from "./rerank/index.ts";

/** The second version of the API beside chat. */
export const cohereTasks: Tasks = { embeddings, rerank };

/** The first version, which older clients of the vendor's SDK speak. */
export const cohereV1Tasks: Tasks = { embeddings: embeddingsV1, rerank: rerankV1 };
