import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.crusoecloud.com/managed-inference/overview */
export const crusoe = defineProvider({
  name: "crusoe",
  title: "Crusoe",
  docs: "https://docs.crusoecloud.com/managed-inference/overview",
  baseUrl: "https://api.inference.crusoecloud.com/v1",
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
  keyVariables: ["CRUSOE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
