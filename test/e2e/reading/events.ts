import type { ChatDialect } from "../../../src/canonical/names.ts";

/** An event of a stream, as a plain reading of the text gives it. */
export interface WireEvent {
  event: string;
  data: string;
}

/** Dialects whose streams are lines of JSON. */
const LINES: ReadonlySet<ChatDialect> = new Set<ChatDialect>(["ollama"]);

/** The events of a stream of a dialect. */
export function eventsIn(dialect: ChatDialect, text: string): WireEvent[] {
  if (!LINES.has(dialect)) return eventsOf(text);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((data) => ({ event: "", data }));
}

/** Splits the text of an event stream at its blank lines. Comments are left out. */
export function eventsOf(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  for (const block of text.replaceAll(/\r\n?/g, "\n").split("\n\n")) {
    const lines = block.split("\n");
    const field = (name: string): string[] =>
      lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ""));
    const data = field("data");
    if (data.length > 0) events.push({ event: field("event").at(-1) ?? "", data: data.join("\n") });
  }
  return events;
}
