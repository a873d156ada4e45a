import type { Dialect } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import { anthropicMessages } from "../dialects/anthropic-messages/index.ts";
import { gemini } from "../dialects/gemini/index.ts";
import { openaiChat } from "../dialects/openai-chat/index.ts";
import { openaiResponses } from "../dialects/openai-responses/index.ts";

/** All dialects, in alphabetical order. */
const DIALECTS: readonly Dialect[] = [anthropicMessages, gemini, openaiChat, openaiResponses];

export const dialects: ReadonlyMap<DialectName, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.name, dialect]));
