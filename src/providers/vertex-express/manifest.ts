import { defineProvider } from "../../canonical/provider.ts";

const MODEL = "/publishers/google/models/{model}";
/**
 * Its schema lacks `includeServerSideToolInvocations` (`toolConfigToVertex` of @google/genai 2.32) and has ids of calls only since
 * revision 20260921 (https://aiplatform.googleapis.com/$discovery/rest?version=v1beta1), of use since Gemini 3. It has penalties
 * and log probabilities: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 */
const GEMINI_FLAGS = { flatCountTokens: true, noCallIds: true, noToolInvocations: true, fullGemini25: true };

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
      flags: GEMINI_FLAGS,
    },
  ],
  forwardHeaders: [],
  keyVariables: ["GOOGLE_VERTEX_API_KEY"],
});
