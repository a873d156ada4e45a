import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.fireworks.ai/tools-sdks/openai-compatibility */
export const fireworks = defineProvider({
  name: "fireworks",
  title: "Fireworks AI",
  docs: "https://docs.fireworks.ai/tools-sdks/openai-compatibility",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://docs.fireworks.ai/guides/reasoning: efforts with none, and reasoning_content both ways.
    // `top_k`: https://docs.fireworks.ai/api-reference/post-chatcompletions
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        ...OPEN_MODELS,
        topK: true,
        efforts: ["none", "low", "medium", "high"],
        reasoningField: "reasoning_content",
      },
    },
    // https://docs.fireworks.ai/guides/response-api
    { dialect: "openai-responses", operations: ["chat"] },
    // https://docs.fireworks.ai/tools-sdks/anthropic-compatibility
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["fireworks-ai", "fireworks_ai"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
