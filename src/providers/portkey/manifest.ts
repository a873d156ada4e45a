import { defineProvider } from "../../canonical/provider.ts";

/** https://portkey.ai/docs/api-reference/inference-api/introduction */
export const portkey = defineProvider({
  name: "portkey",
  title: "Portkey",
  docs: "https://portkey.ai/docs/api-reference/inference-api/introduction",
  baseUrl: "https://api.portkey.ai/v1",
  auth: { type: "header", name: "x-portkey-api-key" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, thinkTags: true },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["x-portkey-config", "x-portkey-provider", "x-portkey-metadata", "x-portkey-trace-id"],
  keyVariables: ["PORTKEY_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
