import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.cohere.com/reference/about */
export const cohere = defineProvider({
  name: "cohere",
  title: "Cohere",
  docs: "https://docs.cohere.com/reference/about",
  baseUrl: "https://api.cohere.com/v2",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "cohere", operations: ["chat", "embeddings", "rerank"] }],
  vendorOf: ["cohere"],
  aliases: ["cohere-ai", "cohereai", "cohere_chat"],
  // https://docs.cohere.com/reference/about: the name of the caller's application.
  forwardHeaders: ["x-client-name"],
  // The vendor's SDK reads the second one.
  keyVariables: ["COHERE_API_KEY", "CO_API_KEY"],
  // The list stands in the first version of the API alone (https://docs.cohere.com/reference/list-models).
  models: { path: "/../v1/models?page_size=1000", list: "models", id: "name" },
});
