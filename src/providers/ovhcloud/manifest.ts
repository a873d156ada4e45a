import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://help.ovhcloud.com/csm/en-public-cloud-ai-endpoints-getting-started */
export const ovhcloud = defineProvider({
  name: "ovhcloud",
  title: "OVHcloud AI Endpoints",
  docs: "https://help.ovhcloud.com/csm/en-public-cloud-ai-endpoints-getting-started",
  baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["OVHCLOUD_API_KEY", "OVH_AI_ENDPOINTS_ACCESS_TOKEN"],
  models: { path: "/models", list: "data", id: "id" },
});
