import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, type Ending, type Reading } from "./reading.ts";

const ENDINGS: Record<string, Ending> = { COMPLETE: "stop", MAX_TOKENS: "length", ERROR_TOXIC: "filter" };

/** Reads an answer of Command R at Bedrock; its tokens stand in headers. */
export function readCommand(body: Loose): Reading {
  return { ...emptyReading(), text: body.text, ending: ENDINGS[body.finish_reason] ?? "other" };
}

/** Reads the chunks of a stream, as the data of events. */
export function readCommandStream(text: string): Reading {
  const reading = emptyReading();
  for (const { data } of eventsOf(text)) {
    const chunk: Loose = JSON.parse(data);
    if (chunk.event_type === "text-generation") reading.text += chunk.text;
    if (chunk.event_type !== "stream-end") continue;
    reading.ending = ENDINGS[chunk.finish_reason] ?? "other";
    const { inputTokenCount: input, outputTokenCount: output } = chunk["amazon-bedrock-invocationMetrics"];
    reading.tokens = { input, output, cached: 0, cacheWrite: 0, reasoning: 0 };
  }
  return reading;
}
