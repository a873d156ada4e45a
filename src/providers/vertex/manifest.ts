import { defineProvider } from "../../canonical/provider.ts";

const PARENT = "projects/{project}/locations/{location}";
/** The SDKs of Google ask for Gemini in this version, where new features appear first. */
const GOOGLE = `/v1beta1/${PARENT}/publishers/google/models/{model}`;
/**
 * Its schema lacks `includeServerSideToolInvocations` (`toolConfigToVertex` of @google/genai 2.32) and has ids of calls only since
 * revision 20260921 (https://aiplatform.googleapis.com/$discovery/rest?version=v1beta1), of use since Gemini 3. It has penalties
 * and log probabilities: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 */
const GEMINI_FLAGS = { flatCountTokens: true, noCallIds: true, noToolInvocations: true, fullGemini25: true };
const ANTHROPIC = `/v1/${PARENT}/publishers/anthropic/models`;
const MISTRAL = `/v1/${PARENT}/publishers/mistralai/models/{model}`;
const AI21 = `/v1/${PARENT}/publishers/ai21/models/{model}`;
/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude#request_body */
const ANTHROPIC_VERSION = { anthropic_version: "vertex-2023-10-16" };
const PLAIN_CHAT = { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true, noStreamOptions: true };

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference */
export const vertex = defineProvider({
  name: "vertex",
  title: "Google Vertex AI",
  docs: "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference",
  baseUrl: "https://{host}",
  auth: { type: "signed", signer: "google-oauth" },
  headers: {},
  wires: [
    {
      dialect: "gemini",
      operations: ["chat", "count_tokens"],
      models: ["gemini*"],
      paths: {
        whole: `${GOOGLE}:generateContent`,
        stream: `${GOOGLE}:streamGenerateContent?alt=sse`,
        count_tokens: `${GOOGLE}:countTokens`,
      },
      flags: GEMINI_FLAGS,
    },
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      models: ["claude*"],
      paths: { whole: `${ANTHROPIC}/{model}:rawPredict`, stream: `${ANTHROPIC}/{model}:streamRawPredict` },
      modelInPath: true,
      body: { set: ANTHROPIC_VERSION },
    },
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens
    {
      dialect: "anthropic-messages",
      operations: ["count_tokens"],
      models: ["claude*"],
      paths: { count_tokens: `${ANTHROPIC}/count-tokens:rawPredict` },
      body: { set: ANTHROPIC_VERSION },
    },
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/mistral
    {
      dialect: "openai-chat",
      operations: ["chat"],
      models: ["mistral*", "ministral*", "codestral*"],
      paths: { whole: `${MISTRAL}:rawPredict`, stream: `${MISTRAL}:streamRawPredict` },
      body: { omit: ["stream_options"] },
      flags: PLAIN_CHAT,
    },
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/ai21
    {
      dialect: "openai-chat",
      operations: ["chat"],
      models: ["jamba*"],
      paths: { whole: `${AI21}:rawPredict`, stream: `${AI21}:streamRawPredict` },
      body: { omit: ["stream_options"] },
      flags: PLAIN_CHAT,
    },
    // Open models, named with their publisher (`meta/llama-…`): https://docs.cloud.google.com/vertex-ai/generative-ai/docs/maas/use-open-models
    {
      dialect: "openai-chat",
      operations: ["chat"],
      models: ["*/*"],
      paths: { whole: `/v1/${PARENT}/endpoints/openapi/chat/completions` },
      flags: { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true },
    },
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api; for which models it is
    // `predict` and for which `embedContent` says Google's SDK (@google/genai 2.32).
    {
      dialect: "vertex",
      operations: ["embeddings"],
      models: ["gemini-embedding-001", "text-embedding-*", "text-multilingual-embedding-*", "textembedding-gecko*"],
      paths: { whole: `/v1/${PARENT}/publishers/google/models/{model}:predict` },
    },
    {
      dialect: "vertex",
      operations: ["embeddings"],
      models: ["gemini-embedding-*"],
      paths: { whole: `${GOOGLE}:embedContent` },
      flags: { embedContent: true },
    },
  ],
  forwardHeaders: ["anthropic-beta", "x-vertex-ai-llm-request-type", "x-vertex-ai-llm-shared-request-type"],
  keyVariables: ["GOOGLE_APPLICATION_CREDENTIALS"],
  settings: [
    {
      name: "project",
      description: "Id of the project",
      variables: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID"],
    },
    {
      name: "location",
      description: "Region, multi-region (`us`, `eu`) or `global`",
      variables: ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"],
      default: "global",
    },
    {
      name: "host",
      description: "Host of the location, where it is not the usual one",
      variables: [],
      // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
      defaultBy: {
        setting: "location",
        values: {
          global: "aiplatform.googleapis.com",
          us: "aiplatform.us.rep.googleapis.com",
          eu: "aiplatform.eu.rep.googleapis.com",
          "*": "{location}-aiplatform.googleapis.com",
        },
      },
    },
  ],
  credentials: [
    {
      name: "client_email",
      description: "Of the service account",
      variables: ["GOOGLE_CLIENT_EMAIL"],
      required: true,
    },
    {
      name: "private_key",
      description: "Of the service account, PEM",
      variables: ["GOOGLE_PRIVATE_KEY"],
      required: true,
    },
    {
      name: "private_key_id",
      description: "Of the service account",
      variables: ["GOOGLE_PRIVATE_KEY_ID"],
      required: false,
    },
  ],
  // https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models/list
  models: ["google", "anthropic"].map((publisher) => ({
    path: `/v1beta1/publishers/${publisher}/models?pageSize=300`,
    list: "publisherModels",
    id: "name",
    stripPrefix: `publishers/${publisher}/models/`,
  })),
});
