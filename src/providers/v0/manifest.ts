import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://vercel.com/docs/v0/model-api */
export const v0 = defineProvider({
  name: "v0",
  title: "Vercel v0",
  docs: "https://vercel.com/docs/v0/model-api",
  baseUrl: "https://api.v0.dev/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "unsupported" } }],
  forwardHeaders: [],
  keyVariables: ["V0_API_KEY"],
});
