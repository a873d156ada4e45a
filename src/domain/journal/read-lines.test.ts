import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleRecord } from "./fixtures/record.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { readLines } from "./read-lines.ts";

const line = (id: string, padding = 0): string =>
  `${JSON.stringify(sampleRecord({ id, error_message: "é".repeat(padding) }))}\n`;

test("takes whole lines only, from the offset, at most as many as asked", () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, "x");
  const lines = [line("a"), line("b", 10), line("c")];
  const offsets = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join("")));
  writeFileSync(path, lines.join("") + line("torn").slice(0, 20));
  const first = readLines(path, 0, 2);
  expect(first.records.map(({ record }) => record.id)).toEqual(["a", "b"]);
  expect(first).toMatchObject({ offset: offsets[1], exhausted: false });
  const second = readLines(path, first.offset, 2);
  expect(second.records.map(({ record }) => record.id)).toEqual(["c"]);
  expect(second).toMatchObject({ offset: offsets[2], exhausted: true, tornBytes: 20 });
  expect(readLines(path, second.offset, 2)).toMatchObject({ records: [], offset: offsets[2], exhausted: true });
});

test("lines that are no records are counted and passed over, blank ones are not counted", () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, "x");
  writeFileSync(path, `${line("a")}{"broken\n\n   \n\0\0\n${line("b")}   `);
  const lines = readLines(path, 0, 100);
  expect(lines.records.map(({ record }) => record.id)).toEqual(["a", "b"]);
  expect(lines).toMatchObject({
    malformed: 2,
    firstMalformed: Buffer.byteLength(line("a")),
    exhausted: true,
    tornBytes: 0,
  });
});

test("lines and files of any size, whatever the size of a read", () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, "x");
  const paddings = [0, 300_000, 5, 1_300_000, 262_000, 1, 0];
  writeFileSync(path, paddings.map((padding, index) => line(`${index}`, padding)).join(""));
  const whole = readLines(path, 0, Infinity);
  expect(whole.records.map(({ record }) => record.error_message?.length)).toEqual(paddings);
  const ids: string[] = [];
  for (let offset = 0, taken = 1; taken > 0;) {
    const one = readLines(path, offset, 1);
    taken = one.records.length;
    offset = one.offset;
    ids.push(...one.records.map(({ record }) => record.id));
  }
  expect(ids).toEqual(paddings.map((_, index) => `${index}`));
});

test("an offset past the end finds nothing", () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, "x");
  writeFileSync(path, line("a"));
  expect(readLines(path, 1_000_000, 10)).toMatchObject({
    records: [],
    offset: 1_000_000,
    exhausted: true,
    tornBytes: 0,
  });
});
