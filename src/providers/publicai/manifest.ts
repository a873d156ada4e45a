import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.publicai.co/docs */
export const publicai = defineProvider({
  name: "publicai",
  title: "Public AI",
  docs: "https://platform.publicai.co/docs",
  baseUrl: "https://api.publicai.co/v1",
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
  keyVariables: ["PUBLICAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
