import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.inference.net */
export const inferenceNet = defineProvider({
  name: "inference-net",
  title: "Inference.net",
  docs: "https://docs.inference.net",
  baseUrl: "https://api.inference.net/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["INFERENCE_API_KEY", "INFERENCE_NET_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
