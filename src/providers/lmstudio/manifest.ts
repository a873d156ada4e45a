import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://lmstudio.ai/docs/developer/openai-compat */
export const lmstudio = defineProvider({
  name: "lmstudio",
  title: "LM Studio",
  docs: "https://lmstudio.ai/docs/developer/openai-compat",
  baseUrl: "http://127.0.0.1:1234/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai-responses", operations: ["chat"] },
    // https://lmstudio.ai/docs/developer/anthropic-compat
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: [],
  models: { path: "/models", list: "data", id: "id" },
  keyOptional: true,
});
