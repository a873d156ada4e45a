import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.ai21.com/reference/jamba-1-6-api-ref */
export const ai21 = defineProvider({
  name: "ai21",
  title: "AI21",
  docs: "https://docs.ai21.com/reference/jamba-1-6-api-ref",
  baseUrl: "https://api.ai21.com/studio/v1",
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
  keyVariables: ["AI21_API_KEY"],
});
