import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope */
export const dashscope = defineProvider({
  name: "dashscope",
  title: "Alibaba Cloud Model Studio",
  docs: "https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope",
  baseUrl: "https://{host}/compatible-mode/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Reasoning is switched by "enable_thinking", with a budget, and comes back in "reasoning_content":
    // https://www.alibabacloud.com/help/en/model-studio/deep-thinking
    // `top_k`: https://www.alibabacloud.com/help/en/model-studio/use-qwen-by-calling-api
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { ...OPEN_MODELS, topK: true, refusesDeveloperRole: true, reasoning: "enable_thinking" },
    },
    // https://help.aliyun.com/en/model-studio/compatibility-with-openai-responses-api
    { dialect: "openai-responses", operations: ["chat"] },
    // https://www.alibabacloud.com/help/en/model-studio/anthropic-api-messages
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/apps/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["DASHSCOPE_API_KEY"],
  settings: [
    {
      name: "host",
      description:
        "dashscope-intl.aliyuncs.com (Singapore), dashscope.aliyuncs.com (Beijing), dashscope-us.aliyuncs.com (Virginia), or a workspace's own: WORKSPACE.ap-southeast-1.maas.aliyuncs.com; keys belong to one region",
      variables: [],
      default: "dashscope-intl.aliyuncs.com",
    },
  ],
});
