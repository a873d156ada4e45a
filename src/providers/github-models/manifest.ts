import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.github.com/en/rest/models/inference; the credential is a token with the permission `models` */
export const githubModels = defineProvider({
  name: "github-models",
  title: "GitHub Models",
  docs: "https://docs.github.com/en/rest/models/inference",
  baseUrl: "https://models.github.ai/inference",
  auth: { type: "bearer" },
  headers: { "x-github-api-version": "2022-11-28" },
  wires: [
    { dialect: "openai-chat", operations: ["chat"], models: ["openai/*"] },
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["GITHUB_MODELS_TOKEN"],
});
