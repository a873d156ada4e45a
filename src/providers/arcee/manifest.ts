import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.arcee.ai */
export const arcee = defineProvider({
  name: "arcee",
  title: "Arcee AI",
  docs: "https://docs.arcee.ai",
  baseUrl: "https://api.arcee.ai/api/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["ARCEE_API_KEY", "ARCEEAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
