import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.nano-gpt.com */
export const nanogpt = defineProvider({
  name: "nanogpt",
  title: "NanoGPT",
  docs: "https://docs.nano-gpt.com",
  baseUrl: "https://nano-gpt.com/api/v1",
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
  forwardHeaders: [],
  keyVariables: ["NANOGPT_API_KEY", "NANO_GPT_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
