import type { TaskWeight } from "../task.ts";
import type { Rankable, RerankRequest } from "./rerank.ts";

const CHARACTERS_PER_TOKEN = 4;
/** https://cohere.com/pricing: one search unit is one query with up to so many documents. */
const DOCUMENTS_PER_SEARCH = 100;

/** Estimate for hosts that bill tokens (the query counts once for each document), and searches for those that bill these. */
export function weighRerank({ query, documents }: RerankRequest): TaskWeight {
  const queryTokens = tokensOf(query);
  let inputTokens = 0;
  for (const document of documents) inputTokens += queryTokens + tokensOf(document);
  const searches = Math.max(1, Math.ceil(documents.length / DOCUMENTS_PER_SEARCH));
  return { inputTokens, outputTokens: 0, hasImages: false, units: { searches } };
}

function tokensOf(thing: Rankable): number {
  const text = typeof thing === "string" ? thing : JSON.stringify(thing);
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
