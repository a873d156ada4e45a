import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://creator.poe.com/docs/external-applications/openai-compatible-api */
export const poe = defineProvider({
  name: "poe",
  title: "Poe",
  docs: "https://creator.poe.com/docs/external-applications/openai-compatible-api",
  baseUrl: "https://api.poe.com/v1",
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
  keyVariables: ["POE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
