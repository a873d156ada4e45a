import { messageView } from "../../mock-upstream/event-stream-view.ts";
import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** ConverseRequest of @aws-sdk/client-bedrock-runtime 3.1164, without the model, which stands in the path. */
const FIELDS = [
  ..."messages system inferenceConfig toolConfig guardrailConfig additionalModelRequestFields promptVariables".split(
    " ",
  ),
  ..."additionalModelResponseFieldPaths requestMetadata performanceConfig serviceTier outputConfig".split(" "),
];
const COUNTED = ["messages", "system", "toolConfig", "additionalModelRequestFields"];
const CONFIG_FIELDS = ["maxTokens", "temperature", "topP", "stopSequences"];
const SPEC_FIELDS = ["name", "description", "inputSchema", "strict"];

/** Reads a Converse request; throws what the API would refuse. */
export function readConverseRequest(path: string, sent: Loose): Asked {
  const [, model = "", method = ""] = /\/model\/([^/]+)\/([\w-]+)$/.exec(path) ?? [];
  const isCount = method === "count-tokens";
  const body = isCount ? sent.input.converse : sent;
  checkFields("request", body, isCount ? COUNTED : FIELDS);
  checkFields("inferenceConfig", body.inferenceConfig ?? {}, CONFIG_FIELDS);
  const asked = nothingAsked(decodeURIComponent(model));
  asked.stream = method === "converse-stream";
  asked.maxTokens = body.inferenceConfig?.maxTokens;
  asked.system = (body.system ?? []).map((block: Loose) => block.text ?? "").join("");
  const schema = body.outputConfig?.textFormat?.structure?.jsonSchema?.schema;
  const ofClaude = body.additionalModelRequestFields?.output_config?.format?.schema ?? null;
  asked.schema = schema === undefined ? ofClaude : JSON.parse(schema);
  readTurns(asked, body.messages);
  readTools(asked, body.toolConfig);
  demand(asked.calls.length === 0 || asked.tools.length > 0, "calls without toolConfig");
  return asked;
}

function readTurns(asked: Asked, messages: Loose): void {
  const open = new Set<string>();
  let last = "";
  for (const message of messages) {
    demand(message.role !== last, `two messages of ${message.role} in a row`);
    last = message.role;
    demand(message.content.length > 0, "an empty message");
    for (const block of message.content) readBlock(asked, message.role, block, open);
    demand(message.role === "assistant" || open.size === 0, `calls without results: ${[...open].join(", ")}`);
  }
  demand(last !== "", "no message");
}

function readBlock(asked: Asked, role: "user" | "assistant", block: Loose, open: Set<string>): void {
  const [member = "", ...more] = Object.keys(block);
  demand(more.length === 0, `a block of ${[member, ...more].join(", ")}`);
  const inner = block[member];
  switch (member) {
    case "text":
      demand(inner.trim() !== "", "a blank text");
      return say(asked, role, inner);
    case "reasoningContent":
      demand(role === "assistant", "reasoning of the user");
      asked.secrets.push(inner.redactedContent ?? inner.reasoningText.signature);
      return;
    case "toolUse":
      demand(/^[a-zA-Z0-9_-]{1,64}$/.test(inner.toolUseId), `toolUseId ${inner.toolUseId}`);
      open.add(inner.toolUseId);
      asked.calls.push({ id: inner.toolUseId, name: inner.name, arguments: inner.input });
      return;
    case "toolResult":
      demand(open.delete(inner.toolUseId), `no open call ${inner.toolUseId}`);
      asked.results.push({
        id: inner.toolUseId,
        text: inner.content.map((part: Loose) => part.text ?? "").join(""),
      });
      return;
    case "image":
    case "document":
    case "video":
    case "audio":
      demand(inner.source.bytes !== undefined || inner.source.s3Location !== undefined || inner.source.text, member);
      return;
    case "cachePoint":
      return;
    default:
      throw new Error(`a block of ${member}`);
  }
}

function readTools(asked: Asked, config: Loose): void {
  for (const { toolSpec } of config?.tools ?? []) {
    if (toolSpec === undefined) continue;
    checkFields("toolSpec", toolSpec, SPEC_FIELDS);
    demand(toolSpec.inputSchema.json.type === "object", `tool ${toolSpec.name} without an object schema`);
    asked.tools.push({
      name: toolSpec.name,
      description: toolSpec.description ?? "",
      parameters: toolSpec.inputSchema.json,
    });
  }
  const choice = config?.toolChoice;
  if (choice?.tool !== undefined) asked.choice = { name: choice.tool.name };
  else if (choice?.any !== undefined) asked.choice = "required";
  else if (choice?.auto !== undefined) asked.choice = "auto";
}

const ENDINGS = { stop: "end_turn", tool_calls: "tool_use", length: "max_tokens", filter: "content_filtered" };

/** Writes an answer as Bedrock's Converse does. */
export function writeConverse(answer: Answer): WireAnswer {
  const content = blocksOf(answer);
  const stopReason = ENDINGS[answer.ending];
  const metrics = { latencyMs: 551 };
  const usage = usageOf(answer);
  const whole = { output: { message: { role: "assistant", content } }, stopReason, usage, metrics };
  const events = [messageView("messageStart", { role: "assistant", p: "abcdefgh" })];
  for (const [index, block] of content.entries()) addBlock(events, block, index);
  events.push(messageView("messageStop", { stopReason, p: "abcdefghijk" }));
  events.push(messageView("metadata", { usage, metrics, p: "abcd" }));
  return { whole, events };
}

function usageOf({ usage }: Answer): object {
  const { input, cached, output } = usage;
  return {
    inputTokens: input - cached,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadInputTokens: cached,
    cacheWriteInputTokens: 0,
  };
}

function blocksOf({ thought, text, refusal, calls = [] }: Answer): Loose[] {
  const blocks: Loose[] = [];
  if (thought !== undefined)
    blocks.push({ reasoningContent: { reasoningText: { text: thought.text, signature: thought.secret } } });
  const said = text ?? refusal;
  if (said !== undefined) blocks.push({ text: said });
  for (const call of calls) blocks.push({ toolUse: { toolUseId: call.id, name: call.name, input: call.arguments } });
  return blocks;
}

function addBlock(events: string[], block: Loose, contentBlockIndex: number): void {
  const delta = (fields: object): void =>
    void events.push(messageView("contentBlockDelta", { contentBlockIndex, delta: fields, p: "abcdefghi" }));
  if (block.text !== undefined) for (const text of pieces(block.text)) delta({ text });
  const thought = block.reasoningContent?.reasoningText;
  if (thought !== undefined) {
    for (const text of pieces(thought.text, 9)) delta({ reasoningContent: { text } });
    delta({ reasoningContent: { signature: thought.signature } });
  }
  if (block.toolUse !== undefined) {
    const { input, ...start } = block.toolUse;
    events.push(messageView("contentBlockStart", { contentBlockIndex, start: { toolUse: start }, p: "abc" }));
    for (const piece of pieces(JSON.stringify(input), 4)) delta({ toolUse: { input: piece } });
  }
  events.push(messageView("contentBlockStop", { contentBlockIndex, p: "abcdef" }));
}
