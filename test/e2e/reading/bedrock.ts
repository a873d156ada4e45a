import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  guardrail_intervened: "filter",
  content_filtered: "filter",
};

/** Reads an answer of Converse. */
export function readConverse(body: Loose): Reading {
  const reading = emptyReading();
  for (const block of body.output.message.content) readBlock(reading, block);
  readEnding(reading, body.stopReason);
  reading.tokens = readTokens(body.usage);
  return withCalls(reading);
}

/** Reads the messages of ConverseStream, in their form as text. */
export function readConverseStream(text: string): Reading {
  const reading = emptyReading();
  const blocks: Loose[] = [];
  for (const { event, data } of eventsOf(text)) {
    const body: Loose = JSON.parse(data);
    const at = body.contentBlockIndex;
    if (event === "contentBlockStart") blocks[at] = { ...body.start, json: "" };
    if (event === "contentBlockDelta") addDelta((blocks[at] ??= { json: "" }), body.delta);
    if (event === "messageStop") readEnding(reading, body.stopReason);
    if (event === "metadata") reading.tokens = readTokens(body.usage);
  }
  for (const block of blocks.filter(Boolean)) {
    if (block.toolUse !== undefined) block.toolUse.input ??= readArguments(block.json);
    readBlock(reading, block);
  }
  return withCalls(reading);
}

function addDelta(block: Loose, delta: Loose): void {
  if (delta.text !== undefined) block.text = (block.text ?? "") + delta.text;
  if (delta.toolUse !== undefined) block.json += delta.toolUse.input;
  if (delta.reasoningContent?.text === undefined) return;
  block.reasoningContent ??= { reasoningText: { text: "" } };
  block.reasoningContent.reasoningText.text += delta.reasoningContent.text;
}

function readBlock(reading: Reading, block: Loose): void {
  if (block.text !== undefined) reading.text += block.text;
  for (const piece of block.citationsContent?.content ?? []) reading.text += piece.text;
  reading.reasoning += block.reasoningContent?.reasoningText?.text ?? "";
  const { toolUse } = block;
  if (toolUse !== undefined && toolUse.type !== "server_tool_use")
    reading.calls.push({ name: toolUse.name, arguments: toolUse.input });
}

function readEnding(reading: Reading, reason: Loose): void {
  if (reason) reading.ending = ENDINGS[reason] ?? "other";
}

/** `inputTokens` leaves out what came from the cache or went into it. */
function readTokens(usage: Loose): Tokens | null {
  if (!usage) return null;
  const cached = usage.cacheReadInputTokens ?? 0;
  const cacheWrite = usage.cacheWriteInputTokens ?? 0;
  return {
    input: (usage.inputTokens ?? 0) + cached + cacheWrite,
    cached,
    cacheWrite,
    output: usage.outputTokens ?? 0,
    reasoning: 0,
  };
}
