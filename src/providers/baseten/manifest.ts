import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.baseten.co/inference/model-apis/overview */
export const baseten = defineProvider({
  name: "baseten",
  title: "Baseten",
  docs: "https://docs.baseten.co/inference/model-apis/overview",
  baseUrl: "https://inference.baseten.co/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["BASETEN_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
