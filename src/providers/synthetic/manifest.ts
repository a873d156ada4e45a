import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://dev.synthetic.new/docs/api/overview */
export const synthetic = defineProvider({
  name: "synthetic",
  title: "Synthetic",
  docs: "https://dev.synthetic.new/docs/api/overview",
  baseUrl: "https://api.synthetic.new/openai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: OPEN_MODELS,
    },
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["SYNTHETIC_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
