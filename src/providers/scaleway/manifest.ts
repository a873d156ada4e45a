import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://www.scaleway.com/en/docs/generative-apis */
export const scaleway = defineProvider({
  name: "scaleway",
  title: "Scaleway Generative APIs",
  docs: "https://www.scaleway.com/en/docs/generative-apis",
  baseUrl: "https://api.scaleway.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["SCW_SECRET_KEY", "SCALEWAY_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
