import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.aihubmix.com/en */
export const aihubmix = defineProvider({
  name: "aihubmix",
  title: "AIHubMix",
  docs: "https://docs.aihubmix.com/en",
  baseUrl: "https://aihubmix.com/v1",
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
  keyVariables: ["AIHUBMIX_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
