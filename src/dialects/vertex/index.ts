import type { Tasks } from "../../canonical/task.ts";
import { embeddings } from "./embeddings/index.ts";

/** APIs of Vertex AI that Google's other API has in another form: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference */
export const vertexTasks: Tasks = { embeddings };
