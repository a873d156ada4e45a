import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.litellm.ai/docs/providers/meta */
export const meta = defineProvider({
  name: "meta",
  title: "Meta Model API",
  docs: "https://docs.litellm.ai/docs/providers/meta",
  baseUrl: "https://api.meta.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["META_API_KEY"],
});
