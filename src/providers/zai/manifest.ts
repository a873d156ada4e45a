import { GLM_WIRES } from "../../canonical/glm-wires.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.z.ai/api-reference/llm/chat-completion. The coding plan has an address of its own, to be set as base_url: https://api.z.ai/api/coding/paas/v4. */
export const zai = defineProvider({
  name: "zai",
  title: "Z.AI",
  docs: "https://docs.z.ai/api-reference/llm/chat-completion",
  baseUrl: "https://api.z.ai/api/paas/v4",
  auth: { type: "bearer" },
  headers: {},
  wires: GLM_WIRES,
  aliases: ["z-ai"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["ZAI_API_KEY", "Z_AI_API_KEY"],
});
