import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://dev.writer.com/api-reference/completion-api/chat-completion */
export const writer = defineProvider({
  name: "writer",
  title: "Writer",
  docs: "https://dev.writer.com/api-reference/completion-api/chat-completion",
  baseUrl: "https://api.writer.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // POST /v1/chat: the vendor's SDK.
    {
      dialect: "openai-chat",
      operations: ["chat"],
      paths: { whole: "/chat" },
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: { ...OPEN_MODELS, reasoning: "unsupported" },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["WRITER_API_KEY"],
  models: { path: "/models", list: "models", id: "id" },
});
