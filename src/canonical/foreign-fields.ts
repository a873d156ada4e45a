import type { Json } from "./json.ts";
import { isJsonObject } from "./json.ts";
import type { DialectName } from "./names.ts";
import type { ChatRequest, Tool } from "./request.ts";

/**
 * Fields that decoders keep as they came although the canonical form holds their sense too: for each the parts that it
 * holds, or `true` for all of it.
 */
const HELD: Readonly<Record<DialectName, Readonly<Record<string, true | readonly string[]>>>> = {
  "ai-gateway": { version: true, sentOptions: true, providerOptions: ["gateway"] },
  "anthropic-messages": {
    stream: true,
    thinking: true,
    output_config: ["effort", "format"],
    output_format: ["type", "schema"],
    metadata: ["user_id"],
  },
  "bedrock-converse": {
    additionalModelRequestFields: [
      "thinking",
      "output_config",
      "reasoningConfig",
      "reasoning_config",
      "reasoning_effort",
      "top_k",
      "k",
      "inferenceConfig",
      "seed",
      "presence_penalty",
      "frequency_penalty",
    ],
    outputConfig: ["textFormat", "effort"],
    // It asks for more of an answer, never for another one.
    additionalModelResponseFieldPaths: true,
  },
  "bedrock-text": {},
  cohere: { stream: true, thinking: true, strict_tools: true, response_format: ["type", "json_schema"] },
  gemini: {
    model: true,
    stream: true,
    // How its tools were grouped: a note for the way back.
    toolGroups: true,
    "trunkline:models": true,
    "trunkline:responseFormat": true,
    toolConfig: ["functionCallingConfig", "includeServerSideToolInvocations"],
    generationConfig: ["thinkingConfig", "responseSchema", "responseJsonSchema", "responseModalities"],
  },
  "openai-chat": { stream: true, stream_options: true },
  ollama: { stream: true, generate: true, think: true, created_at: true, options: ["num_predict"] },
  "openai-completions": { stream: true, stream_options: true, prompt: true },
  "openai-responses": {
    stream: true,
    stream_options: true,
    // It asks for more of an answer, never for another one.
    include: true,
    user: true,
    safety_identifier: true,
    reasoning: ["generate_summary"],
    text: [],
  },
  assemblyai: {},
  bfl: {},
  deepgram: {},
  elevenlabs: {},
  fal: {},
  mistral: {},
  replicate: {},
  runway: {},
  stability: {},
  tei: {},
  openai: { input_type: true },
  jina: {},
  "cohere-v1": {},
  vertex: {},
};

/** Values by which the Responses API says what is so without them. */
const DEFAULTS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["background", false],
  ["truncation", "disabled"],
  ["top_logprobs", 0],
]);

/**
 * The same for fields of a tool, of dialects whose tools have more than all others: that the model is shown examples of a
 * call, or is not told of the tool at first. How arguments are streamed does not change them.
 */
const HELD_OF_TOOLS: Readonly<Partial<Record<DialectName, ReadonlySet<string>>>> = {
  "anthropic-messages": new Set(["type", "eager_input_streaming"]),
};

const TAKES_SUFFIX: ReadonlySet<DialectName> = new Set<DialectName>(["ollama", "openai-completions"]);

/** More are not named one by one: a request may hold a million. */
const MOST_NAMED = 32;

/**
 * Fields of a request and of its tools that only other dialects than `own` know and the canonical form does not hold, such as
 * `guardrailConfig`, `generationConfig.speechConfig` or `tools.input_examples`: an encoder cannot carry them over.
 */
export function foreignFields(
  { extensions, suffix, tools = NO_TOOLS }: Pick<ChatRequest, "extensions" | "suffix"> & { tools?: readonly Tool[] },
  own: DialectName,
): string[] {
  const found: string[] = suffix === undefined || TAKES_SUFFIX.has(own) ? [] : ["suffix"];
  for (const dialect of Object.keys(extensions) as DialectName[]) {
    if (dialect === own) continue;
    const fields = extensions[dialect] ?? {};
    for (const field in fields) {
      addForeign(field, fields[field], HELD[dialect], found);
      if (found.length > MOST_NAMED) return [...found.slice(0, MOST_NAMED), "further fields"];
    }
  }
  for (const tool of tools) addForeignOfTool(tool, own, found);
  return found;
}

const NO_TOOLS: readonly Tool[] = [];

function addForeignOfTool(tool: Tool, own: DialectName, found: string[]): void {
  if ((tool.type !== "function" && tool.type !== "custom") || tool.extensions === undefined) return;
  for (const dialect of Object.keys(tool.extensions) as DialectName[]) {
    const held = HELD_OF_TOOLS[dialect];
    if (dialect === own || held === undefined) continue;
    for (const [field, value] of Object.entries(tool.extensions[dialect] ?? {})) {
      const name = `tools.${field}`;
      if (held.has(field) || value === false || asksNothing(value) || found.includes(name)) continue;
      if (found.length < MOST_NAMED) found.push(name);
    }
  }
}

function addForeign(
  field: string,
  value: Json | undefined,
  held: Readonly<Record<string, true | readonly string[]>>,
  found: string[],
): void {
  const parts = Object.hasOwn(held, field) ? held[field] : undefined;
  if (parts === true || asksNothing(value) || DEFAULTS.get(field) === value) return;
  if (parts === undefined || !isJsonObject(value)) found.push(field);
  else for (const part in value) if (!parts.includes(part) && !asksNothing(value[part])) found.push(`${field}.${part}`);
}

/** Libraries write out fields in which nothing stands, such as `tools: []`, `inferenceConfig: {}` or `reasoning: {summary: null}`. */
function asksNothing(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.values(value).every((each) => each === null);
}
