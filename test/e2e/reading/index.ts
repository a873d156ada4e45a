import type { ChatDialect } from "../../../src/canonical/names.ts";
import { readAiGateway, readAiGatewayStream } from "./ai-gateway.ts";
import { readConverse, readConverseStream } from "./bedrock.ts";
import { readChat, readChatStream } from "./chat.ts";
import { readCommand, readCommandStream } from "./command.ts";
import { readCompletions, readCompletionsStream } from "./completions.ts";
import { readCohere, readCohereStream } from "./cohere.ts";
import { readGemini, readGeminiStream } from "./gemini.ts";
import { readMessages, readMessagesStream } from "./messages.ts";
import { readOllama, readOllamaStream } from "./ollama.ts";
import { readResponses, readResponsesStream } from "./responses.ts";
import type { Reading } from "./reading.ts";

export type { Reading, Tokens } from "./reading.ts";

interface Reader {
  whole(body: unknown): Reading;
  stream(text: string): Reading;
}

/** How to read the answers of each dialect. */
export const READERS: Readonly<Record<ChatDialect, Reader>> = {
  "ai-gateway": { whole: readAiGateway, stream: readAiGatewayStream },
  "anthropic-messages": { whole: readMessages, stream: readMessagesStream },
  "bedrock-converse": { whole: readConverse, stream: readConverseStream },
  "bedrock-text": { whole: readCommand, stream: readCommandStream },
  cohere: { whole: readCohere, stream: readCohereStream },
  gemini: { whole: readGemini, stream: readGeminiStream },
  ollama: { whole: readOllama, stream: readOllamaStream },
  "openai-completions": { whole: readCompletions, stream: readCompletionsStream },
  "openai-chat": { whole: readChat, stream: readChatStream },
  "openai-responses": { whole: readResponses, stream: readResponsesStream },
};

/** Reads an answer's text. */
export function readAnswer(dialect: ChatDialect, isStream: boolean, text: string): Reading {
  return isStream ? READERS[dialect].stream(text) : READERS[dialect].whole(JSON.parse(text));
}
