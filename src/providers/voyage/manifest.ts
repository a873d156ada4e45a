import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.voyageai.com/reference/embeddings-api */
export const voyage = defineProvider({
  name: "voyage",
  title: "Voyage AI",
  docs: "https://docs.voyageai.com/reference/embeddings-api",
  baseUrl: "https://api.voyageai.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // "output_dimension" in place of OpenAI's "dimensions".
    {
      dialect: "openai",
      operations: ["embeddings"],
      body: { rename: { dimensions: "output_dimension" }, remove: ["user"] },
    },
    // https://docs.voyageai.com/reference/reranker-api
    { dialect: "jina", operations: ["rerank"], body: { rename: { top_n: "top_k" }, remove: ["rank_fields"] } },
  ],
  forwardHeaders: [],
  keyVariables: ["VOYAGE_API_KEY", "VOYAGE_AI_API_KEY"],
});
