import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.wandb.ai/guides/integrations/inference */
export const wandb = defineProvider({
  name: "wandb",
  title: "Weights & Biases Inference",
  docs: "https://docs.wandb.ai/guides/integrations/inference",
  baseUrl: "https://api.inference.wandb.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["WANDB_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
