import { defineProvider } from "../../canonical/provider.ts";

const MODEL = "/publishers/google/models/{model}";

/** Vertex AI with an API key in place of an account and a project: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview */
export const vertexExpress = defineProvider({
  name: "vertex-express",
  title: "Google Vertex AI, express mode",
  docs: "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview",
  baseUrl: "https://aiplatform.googleapis.com/v1beta1",
  auth: { type: "header", name: "x-goog-api-key" },
  headers: {},
  wires: [
    {
      dialect: "gemini",
      operations: ["chat", "count_tokens"],
      paths: {
        whole: `${MODEL}:generateContent`,
        stream: `${MODEL}:streamGenerateContent?alt=sse`,
        count_tokens: `${MODEL}:countTokens`,
      },
      flags: { flatCountTokens: true },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["GOOGLE_VERTEX_API_KEY"],
});
