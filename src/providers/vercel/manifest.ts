import { defineProvider } from "../../canonical/provider.ts";

/** https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions */
export const vercel = defineProvider({
  name: "vercel",
  title: "Vercel AI Gateway",
  docs: "https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions",
  baseUrl: "https://ai-gateway.vercel.sh/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions/advanced#reasoning-configuration
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, reasoning: "reasoning" },
    },
    // https://vercel.com/docs/ai-gateway/sdks-and-apis/responses
    { dialect: "openai-responses", operations: ["chat"] },
    // https://vercel.com/docs/ai-gateway/sdks-and-apis/anthropic-messages-api
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
    // The AI SDK's own, for its clients: the default `baseURL` of @ai-sdk/gateway 3.0.
    {
      dialect: "ai-gateway",
      operations: ["chat", "embeddings", "image", "image_edit", "rerank", "speech", "transcription"],
      basePath: "/v3/ai",
    },
  ],
  aliases: ["vercel-ai-gateway"],
  extensions: ["vercel"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["AI_GATEWAY_API_KEY", "VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"],
  models: { path: "/models", list: "data", id: "id" },
});
