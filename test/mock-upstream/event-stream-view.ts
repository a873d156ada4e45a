import { writeMessage, type EventStreamMessage } from "../../src/lib/eventstream/message.ts";
import { EventStreamParser } from "../../src/lib/eventstream/parser.ts";

/** Begins each message in the form that tests read and write; a comment to readers of server-sent events. */
const MARK = ":eventstream\n";

/** A message of an AWS event stream as a text, which looks like a server-sent event. */
export function messageView(event: string, body: unknown): string {
  return `${MARK}event: ${event}\ndata: ${typeof body === "string" ? body : JSON.stringify(body)}\n\n`;
}

/** The bytes that a text stands for: messages for their views, others as they are. */
export function wireBytes(text: string): Buffer {
  if (!text.startsWith(MARK.trimEnd())) return Buffer.from(text);
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  return Buffer.concat(blocks.filter((block) => block.startsWith(MARK)).map((block) => messageOf(block)));
}

function messageOf(block: string): Uint8Array {
  const [, event = "", data = ""] = /event: (.*)\ndata: (.*)/.exec(block) ?? [];
  const isException = event.endsWith("Exception");
  const name = isException ? { ":exception-type": event } : { ":event-type": event };
  const headers = {
    ...name,
    ":content-type": "application/json",
    ":message-type": isException ? "exception" : "event",
  };
  return writeMessage({ headers, payload: Buffer.from(data) });
}

/** The views of the messages in these bytes, as far as they are whole. */
export function viewOf(bytes: Uint8Array): string {
  const messages: EventStreamMessage[] = [];
  new EventStreamParser().push(bytes, messages);
  return messages
    .map(({ headers, payload }) =>
      messageView(headers[":event-type"] ?? headers[":exception-type"] ?? "", Buffer.from(payload).toString()),
    )
    .join("");
}

/** The text of an answer: its bytes, or the views of its messages. */
export function answerText(type: string, bytes: Uint8Array): string {
  return type.includes("eventstream") ? viewOf(bytes) : Buffer.from(bytes).toString();
}
