import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.deepinfra.com/api-reference/chat-completions */
export const deepinfra = defineProvider({
  name: "deepinfra",
  title: "DeepInfra",
  docs: "https://docs.deepinfra.com/api-reference/chat-completions",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    // https://docs.deepinfra.com/api-reference/responses/openai-responses
    { dialect: "openai-responses", operations: ["chat"], basePath: "/v1" },
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
    // https://docs.deepinfra.com/api-reference/images/openai-images-generations, and beside it edits, variations and audio
    {
      dialect: "openai",
      operations: ["image", "image_edit", "image_variation", "speech", "transcription", "translation"],
    },
  ],
  aliases: ["deep-infra"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"],
  models: { path: "/models", list: "data", id: "id" },
});
