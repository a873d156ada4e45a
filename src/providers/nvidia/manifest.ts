import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.api.nvidia.com/nim/reference/llm-apis */
export const nvidia = defineProvider({
  name: "nvidia",
  title: "NVIDIA NIM",
  docs: "https://docs.api.nvidia.com/nim/reference/llm-apis",
  baseUrl: "https://integrate.api.nvidia.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // NIM serves open models by vLLM and others: reasoning is switched in the chat template.
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "chat_template_kwargs" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["nvidia-nim"],
  forwardHeaders: [],
  keyVariables: ["NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
