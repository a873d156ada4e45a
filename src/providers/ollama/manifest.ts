import { defineProvider, type Wire } from "../../canonical/provider.ts";

/** What is left to other APIs by https://docs.ollama.com/api/openai-compatibility, which knows no newer names. */
const CHAT_FLAGS = { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true } as const;

const OPENAI_WIRES: readonly Wire[] = [
  {
    dialect: "openai-chat",
    operations: ["chat"],
    paths: { whole: "/v1/chat/completions" },
    flags: CHAT_FLAGS,
    body: { rename: { max_completion_tokens: "max_tokens" } },
  },
  { dialect: "openai-responses", operations: ["chat"], paths: { whole: "/v1/responses" } },
  { dialect: "openai-completions", operations: ["chat"], paths: { whole: "/v1/completions" } },
  { dialect: "openai", operations: ["embeddings"], paths: { whole: "/v1/embeddings" } },
];

/**
 * Its own API comes first, for it says more than the others that it has: `top_k`, `min_p`, the size of the context, levels of
 * thinking, probabilities, text to fill in.
 */
const WIRES: readonly Wire[] = [
  { dialect: "ollama", operations: ["chat", "embeddings"] },
  ...OPENAI_WIRES,
  // https://docs.ollama.com/api/anthropic-compatibility
  {
    dialect: "anthropic-messages",
    operations: ["chat"],
    paths: { whole: "/v1/messages" },
    headers: { "anthropic-version": "2023-06-01" },
  },
];

/** https://docs.ollama.com/api. A server of one's own takes no credential: https://docs.ollama.com/api/authentication */
export const ollama = defineProvider({
  name: "ollama",
  title: "Ollama",
  docs: "https://docs.ollama.com/api",
  baseUrl: "http://127.0.0.1:11434",
  auth: { type: "bearer" },
  headers: {},
  wires: WIRES,
  forwardHeaders: [],
  keyVariables: [],
  models: { path: "/api/tags", list: "models", id: "name" },
  keyOptional: true,
});
