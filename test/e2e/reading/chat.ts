import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "filter",
};

interface Call {
  key: string;
  name: string;
  arguments: string;
}

/** Reads a chat completion. */
export function readChat(body: Loose): Reading {
  const reading = emptyReading();
  const calls: Call[] = [];
  const [choice] = body.choices;
  readMessage(reading, calls, choice.message ?? {});
  // OpenRouter has reasoning of which it says nothing as a text.
  if (reading.reasoning === "") reading.reasoning = detailsOf(choice.message);
  readEnding(reading, choice.finish_reason);
  reading.tokens = readTokens(body);
  return finished(reading, calls);
}

/** Reads a stream of chat completion chunks. */
export function readChatStream(text: string): Reading {
  const reading = emptyReading();
  const calls: Call[] = [];
  for (const { data } of eventsOf(text)) {
    if (data === "[DONE]") break;
    const body: Loose = JSON.parse(data);
    const choice = (body.choices ?? []).find((each: Loose) => (each.index ?? 0) === 0);
    if (choice !== undefined) {
      readMessage(reading, calls, choice.delta ?? {});
      readEnding(reading, choice.finish_reason);
    }
    reading.tokens = readTokens(body) ?? reading.tokens;
  }
  return finished(reading, calls);
}

function readMessage(reading: Reading, calls: Call[], message: Loose): void {
  if (typeof message.content === "string") reading.text += message.content;
  for (const part of Array.isArray(message.content) ? message.content : []) {
    if (part.type === "text") reading.text += part.text;
    if (part.type === "thinking") for (const piece of part.thinking) reading.reasoning += piece.text;
  }
  reading.text += message.refusal ?? "";
  reading.reasoning += message.reasoning_content ?? message.reasoning ?? "";
  for (const call of message.tool_calls ?? []) readCall(calls, call);
  const legacy = message.function_call;
  // Snowflake writes out the call that was not made.
  if (legacy && (legacy.name || legacy.arguments)) readCall(calls, { id: "function_call", function: legacy });
}

function detailsOf(message: Loose): string {
  return (message?.reasoning_details ?? []).map((detail: Loose) => detail.text ?? detail.summary ?? "").join("");
}

function readCall(calls: Call[], call: Loose): void {
  const key = String(call.index ?? call.id);
  let known = calls.find((each) => each.key === key);
  if (known === undefined) {
    known = { key, name: "", arguments: "" };
    calls.push(known);
  }
  known.name ||= call.function?.name ?? call.custom?.name ?? "";
  known.arguments += call.function?.arguments ?? call.custom?.input ?? "";
}

function readEnding(reading: Reading, reason: Loose): void {
  if (reason) reading.ending = ENDINGS[reason] ?? "other";
}

/**
 * Usage stands at the top, or where Groq puts it. Some hosts count reasoning beside the completion: then the total, or a
 * completion smaller than its reasoning, shows it. Mistral counts the audio of a prompt beside it, Google's host the reasoning
 * without naming it: the total has them. Azure has told of more cached tokens than the prompt had.
 */
export function readTokens(body: Loose): Tokens | null {
  const usage = body.usage ?? body.x_groq?.usage;
  if (!usage) return null;
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  const beside = Math.max(0, (total ?? 0) - prompt - completion);
  const isAudio = beside > 0 && beside === usage.prompt_tokens_details?.audio_tokens;
  const told = usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens ?? 0;
  const reasoning = told > 0 || isAudio || prompt + completion === 0 ? told : beside;
  const isBeside = reasoning > 0 && (total === prompt + completion + reasoning || reasoning > completion);
  const input = isAudio ? prompt + beside : prompt;
  const cached = Math.min(input, readCached(usage));
  return {
    input,
    cached,
    cacheWrite: Math.min(input - cached, usage.prompt_tokens_details?.cache_write_tokens ?? 0),
    output: isBeside ? completion + reasoning : completion,
    reasoning,
  };
}

function readCached(usage: Loose): number {
  const details = usage.prompt_tokens_details ?? usage.prompt_token_details;
  return details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens ?? usage.num_cached_tokens ?? 0;
}

function finished(reading: Reading, calls: Call[]): Reading {
  reading.calls = calls.map((call) => ({ name: call.name, arguments: readArguments(call.arguments) }));
  return withCalls(reading);
}
