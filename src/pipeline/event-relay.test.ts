import { expect, test } from "bun:test";
import type { Frame, Framing } from "../canonical/dialect.ts";
import { writeMessage } from "../lib/eventstream/message.ts";
import { EventRelay } from "./event-relay.ts";
import { createFrameParser } from "./frame-parser.ts";

/** Chunks as a relayed stream brings them, the last of which goes wrong at a frame; returns what the client is left with. */
function relayed(framing: Framing, chunks: readonly (string | Uint8Array)[], failed: number): string {
  const parser = createFrameParser(framing);
  const relay = new EventRelay(parser, framing);
  const bytes = chunks.map((chunk) => Buffer.from(chunk as Uint8Array));
  const last = bytes.pop() ?? Buffer.alloc(0);
  for (const chunk of bytes) {
    const frames: Frame[] = [];
    parser.push(chunk, frames);
    relay.take(chunk, frames.length > 0);
  }
  const frames: Frame[] = [];
  try {
    parser.push(last, frames);
  } catch {
    // The frames before what cannot be read are there.
  }
  relay.takeBefore(last, frames, failed);
  return Buffer.concat(relay.held).toString("latin1");
}

const message = (text: string): Uint8Array =>
  writeMessage({ headers: { ":event-type": "e" }, payload: Buffer.from(text) });

test.each([
  ["one event before", ["data: 1\n\ndata: {oops\n\ndata: 3\n\n"], 1, "data: 1\n\n"],
  [
    "events with names and CRLF",
    ["event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: {oops\r\n\r\n"],
    1,
    "event: a\r\ndata: 1\r\n\r\n",
  ],
  ["one that began in the chunk before", ["event: a\nda", "ta: 1\n\ndata: {oops\n\n"], 1, "event: a\ndata: 1\n\n"],
  ["none before", [": ping\n\ndata: {oops\n\n"], 0, ""],
  ["data of several lines", ["data: 1\n\ndata: {oo\ndata: ps\n\n"], 1, "data: 1\n\n"],
  ["the same text in content before is no end of its event", ["data: 1\n\ndata: x\n\ndata: x\n\n"], 2, "data: 1\n\n"],
])("server-sent events: %s", (_, chunks, failed, left) => {
  expect(relayed("sse", chunks, failed)).toBe(left);
});

test("lines", () => {
  expect(relayed("ndjson", ['{"a":1}\n{oops\n'], 1)).toBe('{"a":1}\n');
});

test("messages, wherever they were cut, before one that is no frame and before one that is no message", () => {
  const [one, two, three] = [message("1\n\n"), message("2"), message("3")];
  const good = Buffer.concat([one, two]);
  for (let cut = 1; cut < one.length; cut += 1) {
    const whole = relayed("eventstream", [one.subarray(0, cut), Buffer.concat([one.subarray(cut), two, three])], 2);
    expect(whole).toBe(good.toString("latin1"));
  }
  expect(relayed("eventstream", [Buffer.concat([one, two, Buffer.alloc(20)])], 2)).toBe(good.toString("latin1"));
});
