import { defineProvider } from "../../canonical/provider.ts";

/** Simulated models that answer, stream, call tools and fail on demand, so that the gateway works without any credential. */
export const demo = defineProvider({
  name: "demo",
  title: "Demo",
  docs: "https://platform.openai.com/docs/api-reference/chat",
  /** Never resolves: the program puts the address of its own demo server in its place. */
  baseUrl: "http://demo.invalid/v1",
  auth: { type: "none" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"] },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: [],
  models: { path: "/models", list: "data", id: "id" },
  hosted: true,
});
