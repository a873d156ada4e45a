/** What an answer read by hand is made of. */
export type Loose = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- bodies are looked into by hand

export const sse = (event: string, data: unknown): string =>
  `${event === "" ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

export interface ReadEvent {
  event: string;
  data: string;
  json: Loose;
}

export function readEvents(text: string): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (const block of text.replaceAll("\r\n", "\n").split("\n\n")) {
    const lines = block.split("\n");
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "";
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
    if (data.length > 0) events.push({ event, data: data.join("\n"), json: parsed(data.join("\n")) });
  }
  return events;
}

export function parsed(text: string): Loose {
  try {
    return (JSON.parse(text) as Loose) ?? {};
  } catch {
    return {};
  }
}
