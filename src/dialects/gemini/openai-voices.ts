/** OpenAI's own voices, which Gemini does not have: https://platform.openai.com/docs/guides/text-to-speech#voice-options */
export const OPENAI_VOICES: ReadonlySet<string> = new Set([
  "alloy",
  "ash",
  "ballad",
  "cedar",
  "coral",
  "echo",
  "fable",
  "marin",
  "nova",
  "onyx",
  "sage",
  "shimmer",
  "verse",
]);
