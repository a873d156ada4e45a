import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.stackit.cloud/products/data-and-ai/ai-model-serving */
export const stackit = defineProvider({
  name: "stackit",
  title: "STACKIT AI Model Serving",
  docs: "https://docs.stackit.cloud/products/data-and-ai/ai-model-serving",
  baseUrl: "https://api.openai-compat.model-serving.eu01.onstackit.cloud/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["STACKIT_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
