import { defineProvider } from "../../canonical/provider.ts";

/** https://inference-docs.cerebras.ai/api-reference/chat-completions */
export const cerebras = defineProvider({
  name: "cerebras",
  title: "Cerebras",
  docs: "https://inference-docs.cerebras.ai/api-reference/chat-completions",
  baseUrl: "https://api.cerebras.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Efforts, and reasoning read from and written to "reasoning": the typings of the vendor's SDK, and
    // https://inference-docs.cerebras.ai/capabilities/reasoning
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        thinkTags: true,
        efforts: ["none", "low", "medium", "high"],
        reasoningField: "reasoning",
      },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["CEREBRAS_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
