import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://console.upstage.ai/docs/capabilities/generate/reasoning */
export const upstage = defineProvider({
  name: "upstage",
  title: "Upstage",
  docs: "https://console.upstage.ai/docs/capabilities/generate/reasoning",
  baseUrl: "https://api.upstage.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["UPSTAGE_API_KEY"],
});
