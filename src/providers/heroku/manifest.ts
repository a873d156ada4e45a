import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://devcenter.heroku.com/articles/heroku-inference-api-v1-chat-completions */
export const heroku = defineProvider({
  name: "heroku",
  title: "Heroku Managed Inference",
  docs: "https://devcenter.heroku.com/articles/heroku-inference-api-v1-chat-completions",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: OPEN_MODELS,
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["INFERENCE_KEY", "HEROKU_API_KEY"],
  settings: [
    {
      name: "host",
      description: "us.inference.heroku.com, or eu.inference.heroku.com: the region that the add-on belongs to",
      variables: [],
      default: "us.inference.heroku.com",
    },
  ],
});
