import { defineProvider } from "../../canonical/provider.ts";

/** https://api.cometapi.com/doc */
export const cometapi = defineProvider({
  name: "cometapi",
  title: "CometAPI",
  docs: "https://api.cometapi.com/doc",
  baseUrl: "https://api.cometapi.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, thinkTags: true },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["COMETAPI_KEY", "COMETAPI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
