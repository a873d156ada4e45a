import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.ionos.com/cloud/ai/ai-model-hub */
export const ionos = defineProvider({
  name: "ionos",
  title: "IONOS AI Model Hub",
  docs: "https://docs.ionos.com/cloud/ai/ai-model-hub",
  baseUrl: "https://openai.inference.de-txl.ionos.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["IONOS_API_TOKEN", "IONOS_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
