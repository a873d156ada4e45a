import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://featherless.ai/docs/api-overview-and-common-options */
export const featherless = defineProvider({
  name: "featherless",
  title: "Featherless",
  docs: "https://featherless.ai/docs/api-overview-and-common-options",
  baseUrl: "https://api.featherless.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["FEATHERLESS_API_KEY", "FEATHERLESS_AI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
