import type { Dialect } from "../../src/canonical/dialect.ts";
import type { ChatDialect, DialectName } from "../../src/canonical/names.ts";
import { dialects } from "../../src/compose/dialects.ts";

/** Every installed dialect. */
export const NAMES: readonly ChatDialect[] = [...dialects.keys()];

/** A current model of each vendor, for encoders that look at what a model can do. */
export const MODELS: Readonly<Record<ChatDialect, string>> = {
  "ai-gateway": "anthropic/claude-sonnet-4-5",
  "anthropic-messages": "claude-sonnet-4-5",
  "bedrock-converse": "anthropic.claude-sonnet-4-5-20250929-v1:0",
  "bedrock-text": "cohere.command-r-plus-v1:0",
  cohere: "command-a-reasoning-08-2025",
  gemini: "gemini-3-pro-preview",
  ollama: "qwen3",
  "openai-chat": "gpt-4o",
  "openai-completions": "gpt-3.5-turbo-instruct",
  "openai-responses": "gpt-5",
};

/**
 * Models for a request of the provider's own dialect, which know what its client says: Claude Sonnet 4.5 has no adaptive
 * thinking, and Gemini 3 wants signatures that clients of 2.5 do not send.
 */
export const OWN_MODELS: typeof MODELS = {
  ...MODELS,
  "anthropic-messages": "claude-opus-4-6",
  gemini: "gemini-2.5-flash",
};

/** The dialect of that name. */
export function dialectNamed(name: ChatDialect): Dialect {
  const dialect = dialects.get(name);
  if (dialect === undefined) throw new Error(`no dialect ${name}`);
  return dialect;
}

/** Dialects whose requests and answers hold nothing but words. */
export const WORDS_ONLY: ReadonlySet<ChatDialect> = new Set(["bedrock-text"]);

/** Something that goes from one dialect to another. */
export interface Crossing {
  from: DialectName;
  to: DialectName;
  value: unknown;
}

/** Values by crossing, with equal ones written once: `a, b → c`. */
export function grouped(crossings: readonly Crossing[]): Record<string, unknown> {
  const groups = new Map<string, { from: string[]; to: string; value: unknown }>();
  for (const { from, to, value } of crossings) {
    const key = `${to} ${JSON.stringify(value)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { from: [from], to, value });
    else known.from.push(from);
  }
  return Object.fromEntries([...groups.values()].map(({ from, to, value }) => [`${from.join(", ")} → ${to}`, value]));
}
