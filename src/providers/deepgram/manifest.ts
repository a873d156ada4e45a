import { defineProvider } from "../../canonical/provider.ts";

/** https://developers.deepgram.com/guides/fundamentals/authenticating */
export const deepgram = defineProvider({
  name: "deepgram",
  title: "Deepgram",
  docs: "https://developers.deepgram.com/reference",
  baseUrl: "https://api.deepgram.com/v1",
  auth: { type: "bearer", word: "Token" },
  headers: {},
  wires: [{ dialect: "deepgram", operations: ["speech", "transcription"] }],
  forwardHeaders: [],
  keyVariables: ["DEEPGRAM_API_KEY"],
});
