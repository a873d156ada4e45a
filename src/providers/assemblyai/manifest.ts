import { defineProvider } from "../../canonical/provider.ts";

/** https://www.assemblyai.com/docs/api-reference/overview */
export const assemblyai = defineProvider({
  name: "assemblyai",
  title: "AssemblyAI",
  docs: "https://www.assemblyai.com/docs/api-reference",
  baseUrl: "https://api.assemblyai.com",
  auth: { type: "header", name: "authorization" },
  headers: {},
  wires: [{ dialect: "assemblyai", operations: ["transcription"] }],
  forwardHeaders: [],
  keyVariables: ["ASSEMBLYAI_API_KEY"],
});
