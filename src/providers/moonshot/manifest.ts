import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.moonshot.ai/docs/api/chat */
export const moonshot = defineProvider({
  name: "moonshot",
  title: "Moonshot AI",
  docs: "https://platform.moonshot.ai/docs/api/chat",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Kimi K3 always reasons, takes an effort, and refuses "thinking"; the models before it take on or off. All refuse tool
    // calls without their reasoning: https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model
    {
      dialect: "openai-chat",
      operations: ["chat"],
      models: ["kimi-k3*"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        efforts: ["low", "high", "max"],
        reasoningField: "reasoning_content",
        needsReasoning: true,
      },
    },
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        reasoning: "thinking",
        reasoningField: "reasoning_content",
        needsReasoning: true,
      },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    // https://platform.moonshot.ai/docs/guide/agent-support
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
  ],
  aliases: ["moonshotai"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["MOONSHOT_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.moonshot.ai, or api.moonshot.cn in China",
      variables: [],
      default: "api.moonshot.ai",
    },
  ],
  models: { path: "/models", list: "data", id: "id" },
});
