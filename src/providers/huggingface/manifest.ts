import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://huggingface.co/docs/inference-providers/tasks/chat-completion */
export const huggingface = defineProvider({
  name: "huggingface",
  title: "Hugging Face Inference Providers",
  docs: "https://huggingface.co/docs/inference-providers/tasks/chat-completion",
  baseUrl: "https://router.huggingface.co/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    // Beta: https://huggingface.co/docs/inference-providers/guides/responses-api
    { dialect: "openai-responses", operations: ["chat"] },
  ],
  forwardHeaders: [],
  keyVariables: ["HF_TOKEN", "HUGGINGFACE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
