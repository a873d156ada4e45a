import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.minimax.io/docs/api-reference/text-openai-api */
export const minimax = defineProvider({
  name: "minimax",
  title: "MiniMax",
  docs: "https://platform.minimax.io/docs/api-reference/text-openai-api",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Reasoning stands in <think> tags, which must come back as they were; errors come with status 200, in "base_resp".
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, noJsonSchema: true, thinkTags: true, reasoning: "adaptive" },
    },
    // https://platform.minimax.io/docs/api-reference/text-openai-responses
    { dialect: "openai-responses", operations: ["chat"] },
    // https://platform.minimax.io/docs/api-reference/text-anthropic-api
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["MINIMAX_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.minimax.io, or api.minimaxi.com in China",
      variables: [],
      default: "api.minimax.io",
    },
  ],
  models: { path: "/models", list: "data", id: "id" },
});
