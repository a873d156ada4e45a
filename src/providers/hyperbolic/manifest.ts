import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.hyperbolic.xyz/docs/rest-api */
export const hyperbolic = defineProvider({
  name: "hyperbolic",
  title: "Hyperbolic",
  docs: "https://docs.hyperbolic.xyz/docs/rest-api",
  baseUrl: "https://api.hyperbolic.xyz/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["HYPERBOLIC_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
