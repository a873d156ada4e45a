import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.digitalocean.com/products/gradient-ai-platform/how-to/use-serverless-inference */
export const digitalocean = defineProvider({
  name: "digitalocean",
  title: "DigitalOcean Gradient AI",
  docs: "https://docs.digitalocean.com/products/gradient-ai-platform/how-to/use-serverless-inference",
  baseUrl: "https://inference.do-ai.run/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["DIGITALOCEAN_ACCESS_TOKEN", "GRADIENT_MODEL_ACCESS_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
