/**
 * The dialects that tests of whole processes speak on both sides: those of custom providers and of clients with fixed paths.
 * Bedrock's InvokeModel, whose bodies differ by model, has tests of its own.
 */
export const SPOKEN = [
  "anthropic-messages",
  "bedrock-converse",
  "cohere",
  "gemini",
  "ollama",
  "openai-chat",
  "openai-completions",
  "openai-responses",
] as const;

export type SpokenDialect = (typeof SPOKEN)[number];
