import { defineProvider } from "../../canonical/provider.ts";

/** https://elevenlabs.io/docs/api-reference/authentication */
export const elevenlabs = defineProvider({
  name: "elevenlabs",
  title: "ElevenLabs",
  docs: "https://elevenlabs.io/docs/api-reference",
  baseUrl: "https://api.elevenlabs.io/v1",
  auth: { type: "header", name: "xi-api-key" },
  headers: {},
  wires: [{ dialect: "elevenlabs", operations: ["speech", "transcription"] }],
  forwardHeaders: [],
  keyVariables: ["ELEVENLABS_API_KEY"],
});
