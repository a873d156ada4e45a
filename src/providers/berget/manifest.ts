import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://api.berget.ai */
export const berget = defineProvider({
  name: "berget",
  title: "Berget AI",
  docs: "https://api.berget.ai",
  baseUrl: "https://api.berget.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["BERGET_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
