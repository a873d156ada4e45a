import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const REASONS: Record<string, Ending> = { max_output_tokens: "length", content_filter: "filter" };
const LAST = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Reads a response object. */
export function readResponses(body: Loose): Reading {
  const reading = emptyReading();
  for (const item of body.output) readItem(reading, item, namesOf(body));
  readEnd(reading, body);
  return withCalls(reading);
}

/** Reads the events of a response: text from its deltas, items from their last events. */
export function readResponsesStream(text: string): Reading {
  const reading = emptyReading();
  const streamed: string[] = [];
  let names: ReadonlySet<string> | null = null;
  for (const { data } of eventsOf(text)) {
    const event: Loose = JSON.parse(data);
    if (event.type === "response.created") names = namesOf(event.response);
    const at: number = event.output_index;
    if (event.type === "response.output_text.delta" || event.type === "response.refusal.delta") {
      streamed[at] = (streamed[at] ?? "") + event.delta;
    }
    if (event.type === "response.output_item.done") readItem(reading, event.item, names, streamed[at]);
    if (!LAST.has(event.type)) continue;
    readEnd(reading, event.response);
    break;
  }
  return withCalls(reading);
}

/** Names of the tools that the request had, as the answer repeats them: other custom calls are the provider's own. */
function namesOf(body: Loose): ReadonlySet<string> | null {
  return Array.isArray(body.tools) && body.tools.length > 0
    ? new Set(body.tools.map((tool: Loose) => tool.name))
    : null;
}

function readItem(reading: Reading, item: Loose, names: ReadonlySet<string> | null, streamed = ""): void {
  const texts = (parts: Loose[] | undefined): string[] => (parts ?? []).map((part) => part.text ?? part.refusal ?? "");
  if (item.type === "message") {
    const whole = texts(item.content).join("");
    // Some recordings were shortened by hand: where deltas and whole items contradict, what was streamed counts.
    reading.text += whole.startsWith(streamed) ? whole : streamed;
  }
  // The parts of a summary are paragraphs of their own.
  if (item.type === "reasoning")
    reading.reasoning += [texts(item.summary).join("\n\n"), ...texts(item.content)].join("");
  if (item.type === "function_call") reading.calls.push({ name: item.name, arguments: readArguments(item.arguments) });
  if (item.type === "custom_tool_call" && names?.has(item.name) !== false) {
    reading.calls.push({ name: item.name, arguments: readArguments(item.input) });
  }
}

function readEnd(reading: Reading, body: Loose): void {
  const reason = body.incomplete_details?.reason;
  if (body.status === "failed") reading.ending = "other";
  else reading.ending = body.status === "incomplete" ? (REASONS[reason] ?? "other") : "stop";
  reading.tokens = readTokens(body.usage);
}

function readTokens(usage: Loose): Tokens | null {
  if (!usage) return null;
  return {
    input: usage.input_tokens,
    cached: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens ?? 0,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
