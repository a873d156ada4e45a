import type { EncodedAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer } from "../../../canonical/tasks/embeddings.ts";

/** Writes `predictions`. Tokens are counted for the whole answer, and stand with its first prediction. */
export function encodeResponse(answer: EmbeddingsAnswer): EncodedAnswer {
  const tokens = answer.usage?.inputTokens ?? 0;
  const predictions = answer.vectors.map((values, at) => ({
    embeddings: { values, statistics: { truncated: false, token_count: at === 0 ? tokens : 0 } },
  }));
  return { contentType: "application/json", body: JSON.stringify({ predictions }) };
}
