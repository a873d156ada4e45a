import type { ChatProviderSide, Dialect } from "../canonical/dialect.ts";
import type { ChatDialect, DialectName } from "../canonical/names.ts";
import type { TaskDialect, Tasks } from "../canonical/task.ts";
import { aiGateway } from "../dialects/ai-gateway/index.ts";
import { anthropicMessages } from "../dialects/anthropic-messages/index.ts";
import { assemblyaiTasks } from "../dialects/assemblyai/index.ts";
import { bflTasks } from "../dialects/bfl/index.ts";
import { bedrockConverse } from "../dialects/bedrock-converse/index.ts";
import { bedrockText } from "../dialects/bedrock-text/index.ts";
import { cohere } from "../dialects/cohere/index.ts";
import { cohereV1Tasks } from "../dialects/cohere/tasks.ts";
import { decodeError as decodeDeepgramError, deepgramTasks } from "../dialects/deepgram/index.ts";
import { elevenlabsTasks } from "../dialects/elevenlabs/index.ts";
import { falTasks } from "../dialects/fal/index.ts";
import { gemini, live } from "../dialects/gemini/index.ts";
import { jinaTasks } from "../dialects/jina/index.ts";
import { mistralTasks } from "../dialects/mistral/index.ts";
import { ollama } from "../dialects/ollama/index.ts";
import { openaiTasks, realtime } from "../dialects/openai/index.ts";
import { decodeUsage, encodeUsage, faultToError, openaiChat } from "../dialects/openai-chat/index.ts";
import { openaiCompletionsWith } from "../dialects/openai-completions/index.ts";
import { openaiResponses } from "../dialects/openai-responses/index.ts";
import { replicateTasks, replicateWith } from "../dialects/replicate/index.ts";
import { runwayTasks } from "../dialects/runway/index.ts";
import { stabilityTasks } from "../dialects/stability/index.ts";
import { teiTasks } from "../dialects/tei/index.ts";
import { vertexTasks } from "../dialects/vertex/index.ts";

const openaiCompletions = openaiCompletionsWith({ ...openaiChat, faultToError, decodeUsage, encodeUsage });

/** All dialects of chat, in alphabetical order. */
const DIALECTS: readonly Dialect[] = [
  aiGateway,
  anthropicMessages,
  bedrockConverse,
  bedrockText,
  cohere,
  gemini,
  ollama,
  openaiChat,
  openaiCompletions,
  openaiResponses,
];

export const dialects: ReadonlyMap<ChatDialect, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.name, dialect]));

const CHAT_PROVIDERS: readonly ChatProviderSide[] = [...DIALECTS, replicateWith(openaiChat)];

/** All wires over which providers do chat: the dialects, and those that no client speaks. */
export const chatProviders: ReadonlyMap<DialectName, ChatProviderSide> = new Map(
  CHAT_PROVIDERS.map((wire) => [wire.name, wire]),
);

/** A wire beside chat whose errors are written like OpenAI's, and read by the code that knows the shapes of most hosts. */
function taskDialect(name: DialectName, tasks: Tasks): TaskDialect {
  return { ...openaiChat, name, tasks };
}

const cohereV1: TaskDialect = { ...cohere, name: "cohere-v1", tasks: cohereV1Tasks };

/** What Vertex AI has in a form of its own, with Google's errors. */
const vertex: TaskDialect = { ...gemini, name: "vertex", tasks: vertexTasks };

const TASK_DIALECTS: readonly TaskDialect[] = [
  taskDialect("assemblyai", assemblyaiTasks),
  taskDialect("bfl", bflTasks),
  cohereV1,
  { ...taskDialect("deepgram", deepgramTasks), decodeError: decodeDeepgramError },
  taskDialect("elevenlabs", elevenlabsTasks),
  taskDialect("fal", falTasks),
  taskDialect("jina", jinaTasks),
  taskDialect("mistral", mistralTasks),
  { ...taskDialect("openai", openaiTasks), realtime },
  taskDialect("replicate", replicateTasks),
  taskDialect("runway", runwayTasks),
  taskDialect("stability", stabilityTasks),
  taskDialect("tei", teiTasks),
  vertex,
  ...DIALECTS.map((dialect) => ({
    ...dialect,
    tasks: dialect.tasks ?? {},
    ...(dialect === gemini && { realtime: live }),
  })),
];

/** All dialects as far as they serve operations beside chat. */
export const taskDialects: ReadonlyMap<DialectName, TaskDialect> = new Map(
  TASK_DIALECTS.map((dialect) => [dialect.name, dialect]),
);
