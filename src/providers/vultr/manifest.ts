import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://api.vultrinference.com */
export const vultr = defineProvider({
  name: "vultr",
  title: "Vultr Serverless Inference",
  docs: "https://api.vultrinference.com",
  baseUrl: "https://api.vultrinference.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: OPEN_MODELS,
    },
  ],
  forwardHeaders: [],
  keyVariables: ["VULTR_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
