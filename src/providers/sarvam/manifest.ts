import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.sarvam.ai/api-reference-docs/chat/chat-completions */
export const sarvam = defineProvider({
  name: "sarvam",
  title: "Sarvam AI",
  docs: "https://docs.sarvam.ai/api-reference-docs/chat/chat-completions",
  baseUrl: "https://api.sarvam.ai/v1",
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
  keyVariables: ["SARVAM_API_KEY"],
});
