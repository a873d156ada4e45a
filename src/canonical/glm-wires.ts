import type { Wire } from "./provider.ts";

/**
 * What the hosts of GLM speak, by either address of their maker. Only `max_tokens` and `json_object`:
 * https://docs.z.ai/api-reference/llm/chat-completion; thinking: https://docs.z.ai/guides/capabilities/thinking-mode; Anthropic's
 * API: https://docs.z.ai/scenario-example/develop-tools/claude
 */
export const GLM_WIRES: readonly Wire[] = [
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
      documents: "file_url",
      reasoning: "thinking",
      reasoningField: "reasoning_content",
    },
  },
  {
    dialect: "anthropic-messages",
    operations: ["chat"],
    basePath: "/api/anthropic/v1",
    headers: { "anthropic-version": "2023-06-01" },
  },
  { dialect: "openai", operations: ["embeddings"] },
];
