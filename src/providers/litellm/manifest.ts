import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.litellm.ai/docs/proxy/user_keys */
export const litellm = defineProvider({
  name: "litellm",
  title: "LiteLLM Proxy",
  docs: "https://docs.litellm.ai/docs/proxy/user_keys",
  baseUrl: "http://127.0.0.1:4000/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, thinkTags: true },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: [],
  models: { path: "/models", list: "data", id: "id" },
  keyOptional: true,
});
