import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.stepfun.com/docs/zh/api-reference/chat/chat-completion-create */
export const stepfun = defineProvider({
  name: "stepfun",
  title: "StepFun",
  docs: "https://platform.stepfun.com/docs/zh/api-reference/chat/chat-completion-create",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["STEPFUN_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.stepfun.com, or api.stepfun.ai outside of China",
      variables: [],
      default: "api.stepfun.com",
    },
  ],
  models: { path: "/models", list: "data", id: "id" },
});
