import type { Dialect } from "../canonical/dialect.ts";
import type { ChatDialect, DialectName } from "../canonical/names.ts";
import type { TaskDialect } from "../canonical/task.ts";
import { anthropicMessages } from "../dialects/anthropic-messages/index.ts";
import { cohere } from "../dialects/cohere/index.ts";
import { gemini } from "../dialects/gemini/index.ts";
import { openaiTasks } from "../dialects/openai/index.ts";
import { openaiChat } from "../dialects/openai-chat/index.ts";
import { openaiResponses } from "../dialects/openai-responses/index.ts";

/** All dialects of chat, in alphabetical order. */
const DIALECTS: readonly Dialect[] = [anthropicMessages, cohere, gemini, openaiChat, openaiResponses];

export const dialects: ReadonlyMap<ChatDialect, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.name, dialect]));

/** OpenAI's APIs beside chat, whose errors are those of its chat. */
const openai: TaskDialect = { ...openaiChat, name: "openai", tasks: openaiTasks };

const TASK_DIALECTS: readonly TaskDialect[] = [
  openai,
  ...DIALECTS.map((dialect) => ({ ...dialect, tasks: dialect.tasks ?? {} })),
];

/** All dialects as far as they serve operations beside chat. */
export const taskDialects: ReadonlyMap<DialectName, TaskDialect> = new Map(
  TASK_DIALECTS.map((dialect) => [dialect.name, dialect]),
);
