import { defineProvider } from "../../canonical/provider.ts";

/** https://api-docs.deepseek.com */
export const deepseek = defineProvider({
  name: "deepseek",
  title: "DeepSeek",
  docs: "https://api-docs.deepseek.com",
  baseUrl: "https://api.deepseek.com",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Only max_tokens, and only json_object: https://api-docs.deepseek.com/api/create-chat-completion. Thinking, its
    // efforts, and tool calls that are refused without their reasoning:
    // https://api-docs.deepseek.com/guides/thinking_mode
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: {
        legacyMaxTokens: true,
        noDeveloperRole: true,
        noCustomTools: true,
        refusesDeveloperRole: true,
        noJsonSchema: true,
        reasoning: "thinking",
        efforts: ["low", "high", "max"],
        reasoningField: "reasoning_content",
        needsReasoning: true,
      },
    },
    // Without state, and of the V4 models: https://api-docs.deepseek.com/api/create-response
    { dialect: "openai-responses", operations: ["chat"], models: ["deepseek-v4*", "deepseek-flash*"] },
    // Completions, with a suffix in the middle of a text: https://api-docs.deepseek.com/guides/fim_completion
    {
      dialect: "openai-completions",
      operations: ["chat"],
      models: ["deepseek-chat", "deepseek-v*"],
      basePath: "/beta",
      body: { remove: ["best_of", "logit_bias", "n", "seed", "user"] },
    },
    // https://api-docs.deepseek.com/guides/anthropic_api
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["DEEPSEEK_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
