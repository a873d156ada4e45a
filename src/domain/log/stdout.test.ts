import { expect, test } from "bun:test";
import { sampleRecord } from "../journal/fixtures/record.ts";
import { presentRecord } from "./present.ts";
import { createStdoutSink } from "./stdout.ts";

function output() {
  const writes: string[] = [];
  return { writes, writableLength: 0, write: (text: string) => writes.push(text) };
}

test("one line a record, one write a batch, none for an empty batch", () => {
  const out = output();
  const sink = createStdoutSink(true, out);
  const records = [sampleRecord(), sampleRecord({ id: "req_2", cost_nano_usd: null })];
  sink.write(records);
  sink.write([]);
  expect(out.writes).toHaveLength(1);
  const lines = out.writes[0]?.split("\n") ?? [];
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(records.map(presentRecord));
});

test("no control character leaves, and nothing is lost by that", () => {
  const out = output();
  const error_message =
    Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join("") + "\u2028\u2029é🚀";
  createStdoutSink(true, out).write([sampleRecord({ error_message })]);
  const [line = ""] = out.writes;
  expect(line.slice(0, -1)).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
  expect((JSON.parse(line) as { error_message: string }).error_message).toBe(error_message);
});

test("it can be switched off and on", () => {
  const out = output();
  const sink = createStdoutSink(false, out);
  sink.write([sampleRecord()]);
  sink.enabled = true;
  sink.write([sampleRecord()]);
  expect(out.writes).toHaveLength(1);
});

test("lines are dropped and counted while the reader of stdout does not keep up", () => {
  const out = output();
  const sink = createStdoutSink(true, out);
  out.writableLength = 9 * 1024 * 1024;
  sink.write([sampleRecord(), sampleRecord()]);
  out.writableLength = 0;
  sink.write([sampleRecord()]);
  expect(sink.droppedLines).toBe(2);
  expect(out.writes).toHaveLength(1);
});
