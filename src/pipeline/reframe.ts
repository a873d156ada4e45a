import type { Frame } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import { writeMessage } from "../lib/eventstream/message.ts";
import { SseParser } from "../lib/sse.ts";
import { exceptionMessage } from "./chunk-exceptions.ts";

/** Puts the events of a dialect into another framing. */
export interface ChunkWriter {
  contentType: string;
  /** `text` holds whole events. */
  write(text: string): Uint8Array[];
  /** The end of a stream that failed. */
  fail(error: GatewayError): Uint8Array;
}

/**
 * Server-sent events as chunks of InvokeModelWithResponseStream, each with the data of one event:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 */
export function chunkWriter(): ChunkWriter {
  const parser = new SseParser();
  const frames: Frame[] = [];
  return {
    contentType: "application/vnd.amazon.eventstream",
    write(text) {
      frames.length = 0;
      parser.push(Buffer.from(text), frames);
      // OpenAI's mark of an end is no JSON, which every chunk holds.
      return frames.filter(({ data }) => data !== "[DONE]").map(({ data }) => chunk(data));
    },
    fail: (error) => exceptionMessage(error),
  };
}

const HEADERS = { ":event-type": "chunk", ":content-type": "application/json", ":message-type": "event" };

function chunk(data: string): Uint8Array {
  const payload = JSON.stringify({ bytes: Buffer.from(data).toString("base64") });
  return writeMessage({ headers: HEADERS, payload: Buffer.from(payload) });
}
