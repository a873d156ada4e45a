import { defineProvider } from "../../canonical/provider.ts";

/** https://www.tencentcloud.com/document/product/1300/82345 */
export const tencent = defineProvider({
  name: "tencent",
  title: "Tencent Cloud TokenHub",
  docs: "https://www.tencentcloud.com/document/product/1300/82345",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Thinking of Hunyuan and the models beside it is on or off: the page above.
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        legacyMaxTokens: true,
        noDeveloperRole: true,
        noCustomTools: true,
        thinkTags: true,
        reasoning: "thinking",
      },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["TENCENT_API_KEY", "TENCENT_TOKENHUB_API_KEY"],
  settings: [
    {
      name: "host",
      description: "tokenhub-intl.tencentcloudmaas.com, or tokenhub.tencentmaas.com in China",
      variables: [],
      default: "tokenhub-intl.tencentcloudmaas.com",
    },
  ],
});
