import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.ollama.com/cloud#cloud-api-access: Ollama's own API, with a key. */
export const ollamaCloud = defineProvider({
  name: "ollama-cloud",
  title: "Ollama Cloud",
  docs: "https://docs.ollama.com/cloud",
  baseUrl: "https://ollama.com",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "ollama", operations: ["chat", "embeddings"] }],
  // A server that asks for a credential is like the cloud, not like one's own.
  vendorOf: ["ollama"],
  forwardHeaders: [],
  keyVariables: ["OLLAMA_API_KEY"],
  models: { path: "/api/tags", list: "models", id: "name" },
});
