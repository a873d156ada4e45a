import { defineProvider } from "../../canonical/provider.ts";

/** https://console.groq.com/docs/openai */
export const groq = defineProvider({
  name: "groq",
  title: "Groq",
  docs: "https://console.groq.com/docs/openai",
  baseUrl: "https://api.groq.com/openai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Refused with 400: https://console.groq.com/docs/openai. Efforts, "reasoning" in the answer, and <think> tags where
    // reasoning_format is raw: https://console.groq.com/docs/reasoning
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { remove: ["logprobs", "logit_bias", "top_logprobs"] },
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        thinkTags: true,
        efforts: ["low", "medium", "high"],
        reasoningField: "reasoning",
      },
    },
    // Beta: https://console.groq.com/docs/responses-api
    { dialect: "openai-responses", operations: ["chat"] },
    // https://console.groq.com/docs/speech-to-text, …/text-to-speech
    { dialect: "openai", operations: ["speech", "transcription", "translation"] },
  ],
  forwardHeaders: [],
  // https://console.groq.com/docs/batch
  keeps: ["files"],
  keyVariables: ["GROQ_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
