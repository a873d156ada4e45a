import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.x.ai/docs/api-reference */
export const xai = defineProvider({
  name: "xai",
  title: "xAI",
  docs: "https://docs.x.ai/docs/api-reference",
  baseUrl: "https://api.x.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Efforts differ between models, these three are common to those that take any; reasoning is counted beside the
    // completion: https://docs.x.ai/docs/guides/reasoning
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        efforts: ["low", "medium", "high"],
        reasoningField: "reasoning_content",
      },
    },
    { dialect: "openai-responses", operations: ["chat"] },
  ],
  aliases: ["grok", "x-ai"],
  forwardHeaders: [],
  keyVariables: ["XAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
