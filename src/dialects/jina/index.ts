import type { Tasks } from "../../canonical/task.ts";
import { rerank } from "./rerank/index.ts";

/** What Jina's API has that OpenAI's has not. */
export const jinaTasks: Tasks = { rerank };
