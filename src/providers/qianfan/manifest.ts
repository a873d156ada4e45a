import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://cloud.baidu.com/doc/qianfan-api/s/3m9b5lqft */
export const qianfan = defineProvider({
  name: "qianfan",
  title: "Baidu Qianfan",
  docs: "https://cloud.baidu.com/doc/qianfan-api/s/3m9b5lqft",
  baseUrl: "https://qianfan.baidubce.com/v2",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "enable_thinking" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["QIANFAN_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
