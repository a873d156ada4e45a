import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.parasail.io/parasail-docs/serverless/serverless-api */
export const parasail = defineProvider({
  name: "parasail",
  title: "Parasail",
  docs: "https://docs.parasail.io/parasail-docs/serverless/serverless-api",
  baseUrl: "https://api.parasail.io/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai-responses", operations: ["chat"] },
  ],
  forwardHeaders: [],
  keyVariables: ["PARASAIL_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
