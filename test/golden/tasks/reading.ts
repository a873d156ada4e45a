import type { Loose } from "../../e2e/reading/loose.ts";
import type { JsonOperation } from "./case.ts";

/** What a person would read out of an answer, whatever its dialect. */
const READERS: Readonly<Record<JsonOperation, (body: Loose) => unknown>> = {
  embeddings: (body) => {
    const list =
      (body.data ?? body.predictions)?.map((each: Loose) => each.embedding ?? each.embeddings.values) ??
      (Array.isArray(body.embeddings)
        ? body.embeddings.map((each: Loose) => (Array.isArray(each) ? each : each.values))
        : (body.embeddings?.float ?? body.embeddings?.base64 ?? Object.values(body.embeddings ?? {})[0]));
    return (list ?? [body.embedding.values]).map((vector: Loose) =>
      typeof vector === "string" ? [...new Float32Array(new Uint8Array(Buffer.from(vector, "base64")).buffer)] : vector,
    );
  },
  moderation: (body) => body.results.map(({ categories, category_scores: scores }: Loose) => ({ categories, scores })),
  rerank: (body) =>
    (body.results ?? body.data ?? body.ranking).map(({ index, relevance_score: score, relevanceScore }: Loose) => ({
      index,
      score: score ?? relevanceScore,
    })),
};

/** Reads an answer's sense. */
export function readTask(operation: JsonOperation, body: Loose): unknown {
  return READERS[operation](body);
}
