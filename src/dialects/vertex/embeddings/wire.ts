import type { EmbeddingPurpose } from "../../../canonical/tasks/embeddings.ts";

/** Task types by purpose. */
export const TASK_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  similarity: "SEMANTIC_SIMILARITY",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  question_answering: "QUESTION_ANSWERING",
  fact_verification: "FACT_VERIFICATION",
  code_query: "CODE_RETRIEVAL_QUERY",
};

const PURPOSES: ReadonlyMap<string, EmbeddingPurpose> = new Map(
  (Object.keys(TASK_TYPES) as EmbeddingPurpose[]).map((purpose) => [TASK_TYPES[purpose], purpose]),
);

/** The purpose of a task type; undefined for one that canonical does not know. */
export function purposeOf(taskType: string): EmbeddingPurpose | undefined {
  return PURPOSES.get(taskType);
}

/** Below the publisher. */
export function predictPath(model: string): string {
  return `/models/${encodeURIComponent(model)}:predict`;
}
