import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool_calls",
  ERROR_TOXIC: "filter",
};

/** Reads an answer of chat; the plan is what the model says before its calls. */
export function readCohere(body: Loose): Reading {
  const reading = emptyReading();
  const { content = [], tool_plan: plan = "", tool_calls: calls = [] } = body.message;
  for (const block of content) {
    if (block.type === "text") reading.text += block.text;
    if (block.type === "thinking") reading.reasoning += block.thinking;
  }
  reading.text += plan;
  for (const { function: call } of calls) reading.calls.push(readCall(call));
  reading.ending = ENDINGS[body.finish_reason] ?? "other";
  reading.tokens = readTokens(body.usage);
  return withCalls(reading);
}

/** Reads the events of an answer. */
export function readCohereStream(text: string): Reading {
  const reading = emptyReading();
  const calls: Loose[] = [];
  for (const { data } of eventsOf(text)) {
    if (data === "[DONE]") break;
    const event: Loose = JSON.parse(data);
    const message = event.delta?.message;
    if (event.type.startsWith("content-")) {
      reading.text += message?.content.text ?? "";
      reading.reasoning += message?.content.thinking ?? "";
    }
    if (event.type === "tool-plan-delta") reading.text += message.tool_plan;
    if (event.type === "tool-call-start") calls[event.index] = { ...message.tool_calls.function };
    if (event.type === "tool-call-delta") calls[event.index].arguments += message.tool_calls.function.arguments;
    if (event.type !== "message-end") continue;
    reading.ending = ENDINGS[event.delta.finish_reason] ?? "other";
    reading.tokens = readTokens(event.delta.usage);
  }
  reading.calls = calls.map(readCall);
  return withCalls(reading);
}

/** Models write `null` for no arguments. */
function readCall(call: Loose): Reading["calls"][number] {
  return { name: call.name, arguments: readArguments(call.arguments) ?? {} };
}

/** What is billed; the prompt that the vendor puts in front is not, and is cached first. */
function readTokens(usage: Loose): Tokens | null {
  if (!usage?.billed_units) return null;
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage.billed_units;
  const free = Math.max(0, (usage.tokens?.input_tokens ?? 0) - input);
  const cached = Math.min(input, Math.max(0, (usage.cached_tokens ?? 0) - free));
  return { input, cached, cacheWrite: 0, output, reasoning: 0 };
}
