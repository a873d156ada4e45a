import { defineProvider } from "../../canonical/provider.ts";

/** https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/ */
export const cloudflare = defineProvider({
  name: "cloudflare",
  title: "Cloudflare Workers AI",
  docs: "https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/",
  baseUrl: "https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true },
    },
    { dialect: "openai-responses", operations: ["chat"], models: ["@cf/openai/*"] },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"],
  settings: [{ name: "account_id", description: "Id of the account", variables: ["CLOUDFLARE_ACCOUNT_ID"] }],
});
