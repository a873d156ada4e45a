import { GLM_WIRES } from "../../canonical/glm-wires.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.bigmodel.cn/api-reference. The coding plan has an address of its own, to be set as base_url: https://open.bigmodel.cn/api/coding/paas/v4. */
export const zhipu = defineProvider({
  name: "zhipu",
  title: "Zhipu AI",
  docs: "https://docs.bigmodel.cn/api-reference",
  baseUrl: "https://open.bigmodel.cn/api/paas/v4",
  auth: { type: "bearer" },
  headers: {},
  wires: GLM_WIRES,
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["ZHIPU_API_KEY", "ZHIPUAI_API_KEY", "BIGMODEL_API_KEY"],
});
