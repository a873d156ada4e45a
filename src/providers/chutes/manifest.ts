import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://chutes.ai/docs */
export const chutes = defineProvider({
  name: "chutes",
  title: "Chutes",
  docs: "https://chutes.ai/docs",
  baseUrl: "https://llm.chutes.ai/v1",
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
  keyVariables: ["CHUTES_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
