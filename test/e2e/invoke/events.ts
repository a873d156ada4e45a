import type { EventStreamMessage } from "../../../src/lib/eventstream/message.ts";
import { EventStreamParser } from "../../../src/lib/eventstream/parser.ts";
import { writeMessage } from "../../../src/lib/eventstream/message.ts";
import type { Loose } from "../reading/loose.ts";

/** The messages of a stream's bytes. */
export function messagesOf(bytes: Buffer): EventStreamMessage[] {
  const messages: EventStreamMessage[] = [];
  new EventStreamParser().push(bytes, messages);
  return messages;
}

/** What stands in the chunks of an InvokeModel stream, in order. */
export function chunksOf(bytes: Buffer): Loose[] {
  const chunks = messagesOf(bytes).filter(({ headers }) => headers[":event-type"] === "chunk");
  return chunks.map(({ payload }) => {
    const { bytes: inner } = JSON.parse(Buffer.from(payload).toString());
    return JSON.parse(Buffer.from(inner, "base64").toString());
  });
}

/** The exceptions of a stream, by name. */
export function exceptionsOf(bytes: Buffer): { name: string; message: string }[] {
  const exceptions = messagesOf(bytes).filter(({ headers }) => headers[":message-type"] === "exception");
  return exceptions.map(({ headers, payload }) => ({
    name: headers[":exception-type"] ?? "",
    message: JSON.parse(Buffer.from(payload).toString()).message,
  }));
}

/** One chunk of a stream, as Bedrock frames it. */
export function chunkOf(event: unknown): Uint8Array {
  const payload = JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString("base64"), p: "abcdefghij" });
  const headers = { ":event-type": "chunk", ":content-type": "application/json", ":message-type": "event" };
  return writeMessage({ headers, payload: Buffer.from(payload) });
}

/** An exception within a stream. */
export function exceptionOf(name: string, message: string): Uint8Array {
  const headers = { ":exception-type": name, ":content-type": "application/json", ":message-type": "exception" };
  return writeMessage({ headers, payload: Buffer.from(JSON.stringify({ message })) });
}

/** Server-sent events with the same contents, for readers of those. */
export function asEvents(bytes: Buffer): string {
  return chunksOf(bytes)
    .map((chunk) => `event: ${chunk["type"] ?? "chunk"}\ndata: ${JSON.stringify(chunk)}\n\n`)
    .join("");
}
