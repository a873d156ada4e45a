import type { Dialect } from "../canonical/dialect.ts";
import type { ChatDialect, DialectName } from "../canonical/names.ts";
import type { TaskDialect } from "../canonical/task.ts";
import { anthropicMessages } from "../dialects/anthropic-messages/index.ts";
import { bedrockText } from "../dialects/bedrock-text/index.ts";
import { gemini } from "../dialects/gemini/index.ts";
import { ollama } from "../dialects/ollama/index.ts";
import { openaiTasks } from "../dialects/openai/index.ts";
import { decodeUsage, encodeUsage, faultToError, openaiChat } from "../dialects/openai-chat/index.ts";
import { openaiCompletionsWith } from "../dialects/openai-completions/index.ts";
import { openaiResponses } from "../dialects/openai-responses/index.ts";
import { vertexTasks } from "../dialects/vertex/index.ts";

const openaiCompletions = openaiCompletionsWith({ ...openaiChat, faultToError, decodeUsage, encodeUsage });

/** All dialects of chat, in alphabetical order. */
const DIALECTS: readonly Dialect[] = [
  anthropicMessages,
  bedrockText,
  gemini,
  ollama,
  openaiChat,
  openaiCompletions,
  openaiResponses,
];

export const dialects: ReadonlyMap<ChatDialect, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.name, dialect]));

/** OpenAI's APIs beside chat, whose errors are those of its chat. */
const openai: TaskDialect = { ...openaiChat, name: "openai", tasks: openaiTasks };

/** What Vertex AI has in a form of its own, with Google's errors. */
const vertex: TaskDialect = { ...gemini, name: "vertex", tasks: vertexTasks };

const TASK_DIALECTS: readonly TaskDialect[] = [
  openai,
  vertex,
  ...DIALECTS.map((dialect) => ({ ...dialect, tasks: dialect.tasks ?? {} })),
];

/** All dialects as far as they serve operations beside chat. */
export const taskDialects: ReadonlyMap<DialectName, TaskDialect> = new Map(
  TASK_DIALECTS.map((dialect) => [dialect.name, dialect]),
);
