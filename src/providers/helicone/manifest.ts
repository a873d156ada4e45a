import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.helicone.ai/gateway/overview */
export const helicone = defineProvider({
  name: "helicone",
  title: "Helicone AI Gateway",
  docs: "https://docs.helicone.ai/gateway/overview",
  baseUrl: "https://ai-gateway.helicone.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, thinkTags: true },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["HELICONE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
