import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://www.volcengine.com/docs/82379/1494384 */
export const volcengine = defineProvider({
  name: "volcengine",
  title: "Volcengine Ark",
  docs: "https://www.volcengine.com/docs/82379/1494384",
  baseUrl: "https://{host}/api/v3",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://www.volcengine.com/docs/82379/1449737
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { ...OPEN_MODELS, reasoning: "thinking", reasoningField: "reasoning_content" },
    },
    // https://www.volcengine.com/docs/82379/1569618
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["ARK_API_KEY", "VOLCENGINE_API_KEY"],
  settings: [
    {
      name: "host",
      description: "ark.cn-beijing.volces.com, or ark.ap-southeast.bytepluses.com (BytePlus ModelArk)",
      variables: [],
      default: "ark.cn-beijing.volces.com",
    },
  ],
});
