import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.anthropic.com/en/api/overview; versions: https://docs.anthropic.com/en/api/versioning */
export const anthropic = defineProvider({
  name: "anthropic",
  title: "Anthropic",
  docs: "https://docs.anthropic.com/en/api/overview",
  baseUrl: "https://api.anthropic.com/v1",
  auth: { type: "header", name: "x-api-key" },
  headers: { "anthropic-version": "2023-06-01" },
  wires: [{ dialect: "anthropic-messages", operations: ["chat", "count_tokens"] }],
  vendorOf: ["anthropic-messages"],
  forwardHeaders: ["anthropic-version", "anthropic-beta", "idempotency-key"],
  // https://docs.anthropic.com/en/api/creating-message-batches
  keeps: ["message_batches"],
  keyVariables: ["ANTHROPIC_API_KEY"],
  models: { path: "/models?limit=1000", list: "data", id: "id" },
});
