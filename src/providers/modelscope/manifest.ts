import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://modelscope.cn/docs/model-service/API-Inference/intro */
export const modelscope = defineProvider({
  name: "modelscope",
  title: "ModelScope",
  docs: "https://modelscope.cn/docs/model-service/API-Inference/intro",
  baseUrl: "https://api-inference.modelscope.cn/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "enable_thinking" } }],
  forwardHeaders: [],
  keyVariables: ["MODELSCOPE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
