import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.openai.com/docs/api-reference/introduction */
export const openai = defineProvider({
  name: "openai",
  title: "OpenAI",
  docs: "https://platform.openai.com/docs/api-reference",
  baseUrl: "https://api.openai.com/v1",
  auth: { type: "bearer" },
  headers: {},
  dialects: ["openai-chat", "openai-responses"],
  // Reasoning models keep their reasoning between turns, and show summaries of it, in Responses only:
  // https://platform.openai.com/docs/guides/reasoning
  translation: [{ models: ["o1*", "o3*", "o4*", "gpt-5*", "codex*"], dialect: "openai-responses" }],
  forwardHeaders: ["openai-beta", "openai-organization", "openai-project", "idempotency-key", "x-client-request-id"],
  keyVariables: ["OPENAI_API_KEY"],
  flags: {},
  models: { path: "/models", list: "data", id: "id" },
  operations: ["chat", "responses", "count_tokens"],
});
