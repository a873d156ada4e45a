import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "filter",
};

/** Reads a message. */
export function readMessages(body: Loose): Reading {
  const reading = emptyReading();
  for (const block of body.content) readBlock(reading, block, JSON.stringify(block.input ?? {}));
  readEnding(reading, body.stop_reason);
  reading.tokens = readTokens(body.usage);
  return withCalls(reading);
}

/** Reads the events of a message. */
export function readMessagesStream(text: string): Reading {
  const reading = emptyReading();
  const blocks: Loose[] = [];
  let usage: Loose = null;
  for (const { data } of eventsOf(text)) {
    const event: Loose = JSON.parse(data);
    if (event.type === "message_start") usage = { ...event.message.usage };
    if (event.type === "content_block_start") {
      const whole = JSON.stringify(event.content_block.input ?? {});
      blocks[event.index] = { ...event.content_block, json: "", whole };
    }
    if (event.type === "content_block_delta") addDelta(blocks[event.index], event.delta);
    if (event.type === "message_delta") {
      readEnding(reading, event.delta.stop_reason);
      const counts = Object.entries(event.usage ?? {}).filter(([, count]) => count !== null);
      usage = { ...usage, ...Object.fromEntries(counts) };
    }
    if (event.type === "message_stop") break;
  }
  for (const block of blocks.filter(Boolean)) readBlock(reading, block, block.json === "" ? block.whole : block.json);
  reading.tokens = readTokens(usage);
  return withCalls(reading);
}

function addDelta(block: Loose, delta: Loose): void {
  if (delta.type === "text_delta") block.text += delta.text;
  if (delta.type === "thinking_delta") block.thinking += delta.thinking;
  if (delta.type === "input_json_delta") block.json += delta.partial_json;
}

function readBlock(reading: Reading, block: Loose, input: string): void {
  if (block.type === "text") reading.text += block.text;
  if (block.type === "thinking") reading.reasoning += block.thinking;
  if (block.type === "tool_use") reading.calls.push({ name: block.name, arguments: readArguments(input) });
}

function readEnding(reading: Reading, reason: Loose): void {
  if (reason) reading.ending = ENDINGS[reason] ?? "other";
}

/** The top leaves out the compaction that ran before the answer: all iterations together say what was used. */
function readTokens(usage: Loose): Tokens | null {
  const rounds: Loose[] = usage?.iterations ?? [];
  const isCompacted = rounds.some(({ type }) => type === "compaction");
  if (!isCompacted) return usage ? readRound(usage) : null;
  const sum: Tokens = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
  for (const round of rounds.map(readRound))
    for (const key of Object.keys(sum) as (keyof Tokens)[]) sum[key] += round[key];
  return sum;
}

/** `input_tokens` leaves out what came from the cache or went into it. */
function readRound(usage: Loose): Tokens {
  const cached = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cached + cacheWrite,
    cached,
    cacheWrite,
    output: usage.output_tokens ?? 0,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
