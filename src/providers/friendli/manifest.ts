import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://friendli.ai/docs/guides/serverless_endpoints/introduction */
export const friendli = defineProvider({
  name: "friendli",
  title: "Friendli",
  docs: "https://friendli.ai/docs/guides/serverless_endpoints/introduction",
  baseUrl: "https://api.friendli.ai/serverless/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "chat_template_kwargs" } },
  ],
  aliases: ["friendliai"],
  forwardHeaders: [],
  keyVariables: ["FRIENDLI_TOKEN", "FRIENDLIAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
