import { defineProvider } from "../../canonical/provider.ts";

/** https://jina.ai/embeddings */
export const jina = defineProvider({
  name: "jina",
  title: "Jina AI",
  docs: "https://jina.ai/embeddings",
  baseUrl: "https://api.jina.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai", operations: ["embeddings"] },
    // https://jina.ai/reranker
    { dialect: "jina", operations: ["rerank"] },
  ],
  forwardHeaders: [],
  keyVariables: ["JINA_API_KEY", "JINA_AI_API_KEY"],
});
