import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions */
export const siliconflow = defineProvider({
  name: "siliconflow",
  title: "SiliconFlow",
  docs: "https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "enable_thinking" } },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["silicon-flow"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["SILICONFLOW_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.siliconflow.com, or api.siliconflow.cn in China",
      variables: [],
      default: "api.siliconflow.com",
    },
  ],
  models: { path: "/models", list: "data", id: "id" },
});
