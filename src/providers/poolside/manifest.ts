import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.poolside.ai */
export const poolside = defineProvider({
  name: "poolside",
  title: "Poolside",
  docs: "https://platform.poolside.ai",
  baseUrl: "https://inference.poolside.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["POOLSIDE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
