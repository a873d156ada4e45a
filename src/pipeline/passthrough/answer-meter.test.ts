import { expect, test } from "bun:test";
import type { Frame, Framing } from "../../canonical/dialect.ts";
import { writeMessage } from "../../lib/eventstream/message.ts";
import type { RequestContext } from "../context.ts";
import { createMeter, type AnswerMeter } from "./answer-meter.ts";
import type { KnownWire } from "./known-wire.ts";

/** A meter of streams of this framing, and the data of the events that it counted. */
function meterOf(framing: Framing): { meter: AnswerMeter; counted: string[] } {
  const counted: string[] = [];
  const createStreamDecoder = () => ({
    push: ({ data }: Frame, out: unknown[]) => void out.push({ type: "text_delta", text: data }),
    finish: () => {},
  });
  const dialects = new Map([["spoken", { createStreamDecoder, framing }]]);
  const observe = ({ text }: { text: string }): void => void counted.push(text);
  const context = { runtime: { dialects }, observe } as unknown as RequestContext;
  const known = { wire: { dialect: "spoken", flags: {} }, operation: "chat", pathModel: null, isStream: true };
  return { meter: createMeter(context, known as unknown as KnownWire, "application/x-stream"), counted };
}

test("what a chunk brings before bytes that are no event counts; nothing after them does", () => {
  const { meter, counted } = meterOf("eventstream");
  const message = (text: string): Uint8Array =>
    writeMessage({ headers: { ":event-type": "e" }, payload: Buffer.from(text) });
  meter.push(message("one"));
  meter.push(Buffer.concat([message("two"), Buffer.alloc(20)]));
  meter.push(message("three"));
  meter.end();
  expect(counted).toEqual(["one", "two"]);
});
