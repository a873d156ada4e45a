import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.morphllm.com/api-reference/introduction */
export const morph = defineProvider({
  name: "morph",
  title: "Morph",
  docs: "https://docs.morphllm.com/api-reference/introduction",
  baseUrl: "https://api.morphllm.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "unsupported" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["MORPH_API_KEY"],
});
