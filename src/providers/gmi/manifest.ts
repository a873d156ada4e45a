import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.gmicloud.ai/inference-engine/api-reference/llm-api-reference */
export const gmi = defineProvider({
  name: "gmi",
  title: "GMI Cloud",
  docs: "https://docs.gmicloud.ai/inference-engine/api-reference/llm-api-reference",
  baseUrl: "https://api.gmi-serving.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["GMI_API_KEY", "GMICLOUD_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
