import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://llama.developer.meta.com/docs/features/compatibility */
export const llama = defineProvider({
  name: "llama",
  title: "Meta Llama API",
  docs: "https://llama.developer.meta.com/docs/features/compatibility",
  baseUrl: "https://api.llama.com/compat/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["LLAMA_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
