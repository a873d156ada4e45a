import type { Frame } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import { writeMessage, type EventStreamMessage } from "../lib/eventstream/message.ts";
import { EventStreamParser } from "../lib/eventstream/parser.ts";
import { SseParser } from "../lib/sse.ts";
import { exceptionMessage } from "./chunk-exceptions.ts";

/** Puts the events of a dialect into another framing. */
export interface ChunkWriter {
  contentType: string;
  /** `events` are whole: server-sent ones, or messages of an event stream. */
  write(events: string | Uint8Array): Uint8Array[];
  /** The end of a stream that failed. */
  fail(error: GatewayError): Uint8Array;
}

/**
 * Events as chunks of InvokeModelWithResponseStream, each with the data of one event, which a message of an event stream has
 * beneath its name:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 */
export function chunkWriter(): ChunkWriter {
  const parser = new SseParser();
  const messages = new EventStreamParser();
  const frames: Frame[] = [];
  return {
    contentType: "application/vnd.amazon.eventstream",
    write(events) {
      if (typeof events !== "string") return nestedChunks(messages, events);
      frames.length = 0;
      parser.push(Buffer.from(events), frames);
      // OpenAI's mark of an end is no JSON, which every chunk holds.
      return frames.filter(({ data }) => data !== "[DONE]").map(({ data }) => chunk(data));
    },
    fail: (error) => exceptionMessage(error),
  };
}

/** https://docs.aws.amazon.com/nova/latest/userguide/using-invoke-api.html */
function nestedChunks(parser: EventStreamParser, bytes: Uint8Array): Uint8Array[] {
  const messages: EventStreamMessage[] = [];
  parser.push(bytes, messages);
  return messages.map(({ headers, payload }) =>
    chunk(`{${JSON.stringify(headers[":event-type"] ?? "")}:${Buffer.from(payload).toString("utf8")}}`),
  );
}

const HEADERS = { ":event-type": "chunk", ":content-type": "application/json", ":message-type": "event" };

function chunk(data: string): Uint8Array {
  const payload = JSON.stringify({ bytes: Buffer.from(data).toString("base64") });
  return writeMessage({ headers: HEADERS, payload: Buffer.from(payload) });
}
