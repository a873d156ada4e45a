import { describe, expect, test } from "bun:test";
import { EventStreamError, writeMessage, type EventStreamMessage } from "./message.ts";
import { EventStreamParser } from "./parser.ts";

const message = (text: string): EventStreamMessage => ({
  headers: { ":message-type": "event", ":event-type": "chunk", ":content-type": "application/json" },
  payload: Buffer.from(text),
});

const MESSAGES = ["", "{}", "é☀️ in UTF-8", "x".repeat(70_000)].map(message);
const BYTES = Buffer.concat(MESSAGES.map(writeMessage));

function readAll(cut: number): EventStreamMessage[] {
  const parser = new EventStreamParser();
  const out: EventStreamMessage[] = [];
  for (let at = 0; at < BYTES.length; at += cut) parser.push(BYTES.subarray(at, at + cut), out);
  expect(parser.heldBytes).toBe(0);
  return out;
}

describe("event stream", () => {
  test.each([1, 7, 1000, BYTES.length])("in pieces of %d bytes", (cut) => {
    const seen = readAll(cut).map(({ headers, payload }) => ({ headers, text: Buffer.from(payload).toString() }));
    expect(seen).toEqual(MESSAGES.map(({ headers, payload }) => ({ headers, text: Buffer.from(payload).toString() })));
  });

  test("the published example with one header", () => {
    // Smithy's specification of the encoding, test case "payload_one_str_header".
    const hex =
      "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1";
    const out: EventStreamMessage[] = [];
    new EventStreamParser().push(Buffer.from(hex, "hex"), out);
    expect(out.map(({ headers, payload }) => [headers, Buffer.from(payload).toString()])).toEqual([
      [{ "content-type": "application/json" }, "{'foo':'bar'}"],
    ]);
    expect(Buffer.from(writeMessage(out[0] as EventStreamMessage)).toString("hex")).toBe(hex);
  });

  test("a flipped bit anywhere is found", () => {
    const bytes = writeMessage(message('{"a":1}'));
    for (let at = 0; at < bytes.length; at += 1) {
      const wrong = Uint8Array.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 0x10;
      const out: EventStreamMessage[] = [];
      expect(() => new EventStreamParser().push(wrong, out)).toThrow(EventStreamError);
    }
  });

  test("a message over the limit is refused before it is gathered", () => {
    const bytes = writeMessage(message("x".repeat(100)));
    expect(() => new EventStreamParser(100).push(bytes.subarray(0, 12), [])).toThrow("the limit is 100");
  });
});
