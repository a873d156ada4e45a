import { defineProvider } from "../../canonical/provider.ts";

/** https://huggingface.co/docs/text-embeddings-inference/quick_tour */
export const tei = defineProvider({
  name: "tei",
  title: "Text Embeddings Inference",
  docs: "https://huggingface.co/docs/text-embeddings-inference",
  baseUrl: "http://127.0.0.1:8080/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai", operations: ["embeddings"] },
    // Beside the version: https://huggingface.github.io/text-embeddings-inference/
    { dialect: "tei", operations: ["rerank"], basePath: "" },
  ],
  aliases: ["text-embeddings-inference"],
  forwardHeaders: [],
  keyVariables: [],
  keyOptional: true,
});
