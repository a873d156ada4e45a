import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.z.ai/api-reference/llm/chat-completion. The coding plan has an address of its own, to be set as base_url: https://api.z.ai/api/coding/paas/v4. */
export const zai = defineProvider({
  name: "zai",
  title: "Z.AI",
  docs: "https://docs.z.ai/api-reference/llm/chat-completion",
  baseUrl: "https://api.z.ai/api/paas/v4",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Only max_tokens and json_object: the page above. Thinking: https://docs.z.ai/guides/capabilities/thinking-mode
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
        reasoningField: "reasoning_content",
      },
    },
    // https://docs.z.ai/scenario-example/develop-tools/claude
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/api/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["z-ai"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["ZAI_API_KEY", "Z_AI_API_KEY"],
});
