import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { anthropic } from "./wire-anthropic.ts";
import { cohere } from "./wire-cohere.ts";
import { completionsWith } from "./wire-completions.ts";
import { converse } from "./wire-converse.ts";
import { gemini } from "./wire-gemini.ts";
import { ollama } from "./wire-ollama.ts";
import { chat, responses } from "./wire-openai.ts";

/** What a client read of an answer: its text, and how it ended. */
export interface Reading {
  text: string;
  /** Code and message of the dialect's own error event. */
  error: { code: string; message: string } | null;
  /** The answer said why it ended. */
  isWhole: boolean;
  /** It ended with the dialect's terminal mark, where there is one. */
  hasMark: boolean;
}

export interface AskOptions {
  stream: boolean;
  maxTokens?: number;
  /** OpenAI chat: the client asks for usage itself. */
  usage?: boolean;
  /** Gemini: a JSON array in place of server-sent events. */
  array?: boolean;
  more?: Record<string, unknown>;
}

/** A client's request. */
export interface Ask {
  path: string;
  body: Record<string, unknown>;
}

/** One wire format as a client and as a provider speak it, by hand. */
export interface Wire {
  ask: (model: string, options: AskOptions) => Ask;
  /** A whole answer; `usage` in place of the usual one (undefined: none). */
  whole: (text: string, usage?: unknown) => unknown;
  usage: unknown;
  /** The events of a streamed answer, a text event per piece. */
  events: (pieces: readonly string[], usage?: unknown) => string[];
  /** Whether an event carries text. */
  isContent: (event: string) => boolean;
  readWhole: (body: unknown) => string;
  readStream: (text: string) => Reading;
  /** Code and message of an error body. */
  readError: (body: unknown) => { code: string; message: string };
  errorBody: (status: number, message: string) => unknown;
  errorEvent: (message: string) => string;
}

export const WIRES: Readonly<Record<ChatDialect, Wire>> = {
  "openai-chat": chat,
  "openai-completions": completionsWith(chat),
  "openai-responses": responses,
  ollama,
  "anthropic-messages": anthropic,
  "bedrock-converse": converse,
  cohere,
  gemini,
};

/** Who speaks to whom: each provider dialect with a client of its own kind, and with a foreign one. */
export interface Pair {
  name: string;
  client: ChatDialect;
  provider: ChatDialect;
  ask: Partial<AskOptions>;
}

export const PAIRS: readonly Pair[] = [
  { name: "openai-chat relay", client: "openai-chat", provider: "openai-chat", ask: { usage: true } },
  { name: "openai-chat relay without usage", client: "openai-chat", provider: "openai-chat", ask: {} },
  { name: "openai-responses relay", client: "openai-responses", provider: "openai-responses", ask: {} },
  { name: "anthropic-messages relay", client: "anthropic-messages", provider: "anthropic-messages", ask: {} },
  { name: "cohere relay", client: "cohere", provider: "cohere", ask: {} },
  { name: "gemini relay", client: "gemini", provider: "gemini", ask: {} },
  { name: "gemini array of gemini", client: "gemini", provider: "gemini", ask: { array: true } },
  { name: "anthropic-messages of openai-chat", client: "anthropic-messages", provider: "openai-chat", ask: {} },
  { name: "openai-chat of cohere", client: "openai-chat", provider: "cohere", ask: {} },
  { name: "cohere of gemini", client: "cohere", provider: "gemini", ask: {} },
  { name: "openai-chat of openai-responses", client: "openai-chat", provider: "openai-responses", ask: {} },
  { name: "gemini of anthropic-messages", client: "gemini", provider: "anthropic-messages", ask: {} },
  { name: "bedrock-converse relay", client: "bedrock-converse", provider: "bedrock-converse", ask: {} },
  { name: "bedrock-converse of openai-chat", client: "bedrock-converse", provider: "openai-chat", ask: {} },
  {
    name: "anthropic-messages of bedrock-converse",
    client: "anthropic-messages",
    provider: "bedrock-converse",
    ask: {},
  },
  { name: "ollama relay", client: "ollama", provider: "ollama", ask: {} },
  { name: "ollama of openai-chat", client: "ollama", provider: "openai-chat", ask: {} },
  { name: "anthropic-messages of ollama", client: "anthropic-messages", provider: "ollama", ask: {} },
  { name: "openai-completions relay", client: "openai-completions", provider: "openai-completions", ask: {} },
  { name: "openai-completions of ollama", client: "openai-completions", provider: "ollama", ask: {} },
  { name: "openai-chat of openai-completions", client: "openai-chat", provider: "openai-completions", ask: {} },
  { name: "openai-responses of gemini", client: "openai-responses", provider: "gemini", ask: {} },
];
