import { wireBytes } from "./event-stream-view.ts";
import type { Step } from "./server.ts";

/** A whole JSON answer with a right length. */
export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): Step[] {
  return textAnswer(JSON.stringify(body), "application/json", status, headers);
}

/** A whole answer of any type. */
export function textAnswer(text: string, type: string, status = 200, headers: Record<string, string> = {}): Step[] {
  const bytes = Buffer.from(text);
  const extra = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const head = `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\n${extra}content-length: ${bytes.length}\r\n\r\n`;
  return [{ write: Buffer.concat([Buffer.from(head), bytes]) }];
}

/** Head of a streamed answer of any type. */
export function streamHead(type: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
}

export const STREAM_HEAD = streamHead("text/event-stream");

/** One HTTP chunk. */
export function chunk(data: string | Uint8Array): Step {
  const bytes = typeof data === "string" ? wireBytes(data) : Buffer.from(data);
  return { write: Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]) };
}

export const LAST_CHUNK: Step = { write: "0\r\n\r\n" };

/** A whole event stream, an HTTP chunk an event, with a pause between them. */
export function streamAnswer(events: readonly string[], pauseMs = 0, type = "text/event-stream"): Step[] {
  const steps: Step[] = [{ write: streamHead(type) }];
  for (const event of events) {
    steps.push(chunk(event));
    if (pauseMs > 0) steps.push({ wait: pauseMs });
  }
  return [...steps, LAST_CHUNK];
}
