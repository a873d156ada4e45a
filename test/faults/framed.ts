import type { Framing } from "../../src/canonical/dialect.ts";
import { writeMessage } from "../../src/lib/eventstream/message.ts";
import type { SpokenDialect } from "../e2e/spoken.ts";

/** One framing as a provider speaks it. */
export interface Framed {
  framing: Framing;
  /** What the provider of this framing speaks. */
  dialect: SpokenDialect;
  contentType: string;
  /** The bytes of an event of its dialect. */
  frame: (event: string) => Buffer;
  /** The bytes of a frame that holds such data. */
  data: (text: string) => Buffer;
}

const EVENT_STREAM = "application/vnd.amazon.eventstream";
const dataOf = (event: string): string => /^data: (.*)$/m.exec(event)?.[1] ?? "";
const nameOf = (event: string): string => /^event: (.*)$/m.exec(event)?.[1] ?? "";

/** A message of the AWS event stream. */
export function message(name: string, payload: string): Buffer {
  const headers = { ":event-type": name, ":content-type": "application/json", ":message-type": "event" };
  return Buffer.from(writeMessage({ headers, payload: Buffer.from(payload) }));
}

const chunkOf = (text: string): Buffer =>
  message("chunk", JSON.stringify({ bytes: Buffer.from(text).toString("base64") }));

export const FRAMINGS: readonly Framed[] = [
  {
    framing: "sse",
    dialect: "anthropic-messages",
    contentType: "text/event-stream",
    frame: (event) => Buffer.from(event),
    data: (text) => Buffer.from(`data: ${text}\n\n`),
  },
  {
    framing: "ndjson",
    dialect: "ollama",
    contentType: "application/x-ndjson",
    frame: (event) => Buffer.from(event),
    data: (text) => Buffer.from(`${text}\n`),
  },
  {
    framing: "eventstream",
    dialect: "anthropic-messages",
    contentType: EVENT_STREAM,
    frame: (event) => message(nameOf(event), dataOf(event)),
    data: (text) => message("content_block_delta", text),
  },
  {
    framing: "eventstream-chunks",
    dialect: "anthropic-messages",
    contentType: EVENT_STREAM,
    frame: (event) => chunkOf(dataOf(event)),
    data: chunkOf,
  },
];
