import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.xiaomimimo.com/#/docs */
export const xiaomi = defineProvider({
  name: "xiaomi",
  title: "Xiaomi MiMo",
  docs: "https://platform.xiaomimimo.com/#/docs",
  baseUrl: "https://api.xiaomimimo.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, reasoning: "thinking", reasoningField: "reasoning_content" },
    },
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["XIAOMI_MIMO_API_KEY", "XIAOMI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
