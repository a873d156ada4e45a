import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.requesty.ai */
export const requesty = defineProvider({
  name: "requesty",
  title: "Requesty",
  docs: "https://docs.requesty.ai",
  baseUrl: "https://router.requesty.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, thinkTags: true },
    },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["REQUESTY_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
