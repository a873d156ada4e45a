import { compileGlob } from "../../lib/glob.ts";

interface Limit {
  /** Glob over the id, in lower case, without what stands before its last slash. */
  pattern: string;
  tokens: number;
}

/** https://platform.claude.com/docs/en/about-claude/models/overview and the page of each model. */
const CLAUDE: readonly Limit[] = [
  { pattern: "claude-fable-*", tokens: 128_000 },
  { pattern: "claude-haiku-4-5*", tokens: 64_000 },
  { pattern: "claude-haiku-*", tokens: 128_000 },
  { pattern: "claude-opus-4-0*", tokens: 32_000 },
  { pattern: "claude-opus-4-1*", tokens: 32_000 },
  { pattern: "claude-opus-4-2025*", tokens: 32_000 },
  { pattern: "claude-opus-4@*", tokens: 32_000 },
  { pattern: "claude-opus-4", tokens: 32_000 },
  { pattern: "claude-opus-4-5*", tokens: 64_000 },
  { pattern: "claude-opus-*", tokens: 128_000 },
  { pattern: "claude-sonnet-4-0*", tokens: 64_000 },
  { pattern: "claude-sonnet-4-2025*", tokens: 64_000 },
  { pattern: "claude-sonnet-4@*", tokens: 64_000 },
  { pattern: "claude-sonnet-4", tokens: 64_000 },
  { pattern: "claude-sonnet-4-5*", tokens: 64_000 },
  { pattern: "claude-sonnet-*", tokens: 128_000 },
  { pattern: "claude-3-7-*", tokens: 64_000 },
  { pattern: "claude-3-5-*", tokens: 8192 },
  { pattern: "claude-3-*", tokens: 4096 },
];

/** https://platform.openai.com/docs/models and the page of each model. */
const GPT: readonly Limit[] = [
  { pattern: "gpt-5*-chat-latest", tokens: 16_384 },
  { pattern: "gpt-5-pro*", tokens: 272_000 },
  { pattern: "gpt-5*", tokens: 128_000 },
  { pattern: "gpt-6*", tokens: 128_000 },
  { pattern: "gpt-4.1*", tokens: 32_768 },
  { pattern: "gpt-4o-2024-05-13", tokens: 4096 },
  { pattern: "gpt-4o*", tokens: 16_384 },
  { pattern: "gpt-audio*", tokens: 16_384 },
  { pattern: "gpt-4-turbo*", tokens: 4096 },
  { pattern: "gpt-4", tokens: 8192 },
  { pattern: "gpt-3.5-turbo*", tokens: 4096 },
  { pattern: "o1-mini*", tokens: 65_536 },
  { pattern: "o1-preview*", tokens: 32_768 },
  { pattern: "o1*", tokens: 100_000 },
  { pattern: "o3*", tokens: 100_000 },
  { pattern: "o4-mini*", tokens: 100_000 },
];

/** https://ai.google.dev/gemini-api/docs/models and the page of each model. */
const GEMINI: readonly Limit[] = [
  { pattern: "gemini-*-image*", tokens: 32_768 },
  { pattern: "gemini-3*", tokens: 65_536 },
  { pattern: "gemini-2.5-pro*", tokens: 65_536 },
  { pattern: "gemini-2.5-flash*", tokens: 65_536 },
  { pattern: "gemini-2.0-flash*", tokens: 8192 },
];

const LIMITS = [...CLAUDE, ...GPT, ...GEMINI].map(({ pattern, tokens }) => ({ glob: compileGlob(pattern), tokens }));

/** The most tokens that a model (its id in lower case) can put out in one call, as its vendor documents; null when not known here. */
export function outputLimitOf(id: string): number | null {
  const name = id.slice(id.lastIndexOf("/") + 1).replace(/^(?:[a-z-]+\.)?anthropic\./, "");
  return LIMITS.find(({ glob }) => glob.test(name))?.tokens ?? null;
}
