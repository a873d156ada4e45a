import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.tokenfactory.nebius.com */
export const nebius = defineProvider({
  name: "nebius",
  title: "Nebius Token Factory",
  docs: "https://docs.tokenfactory.nebius.com",
  baseUrl: "https://api.tokenfactory.nebius.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: OPEN_MODELS,
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["nebius-ai-studio"],
  forwardHeaders: [],
  keyVariables: ["NEBIUS_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
