import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.lambda.ai/public-cloud/lambda-inference-api */
export const lambda = defineProvider({
  name: "lambda",
  title: "Lambda",
  docs: "https://docs.lambda.ai/public-cloud/lambda-inference-api",
  baseUrl: "https://api.lambda.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  aliases: ["lambda-ai"],
  forwardHeaders: [],
  keyVariables: ["LAMBDA_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
