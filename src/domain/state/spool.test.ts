import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeptResponse } from "./port.ts";
import { drainSpool, SpoolWriter } from "./spool.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "trunkline-spool-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function response(id: string): KeptResponse {
  return { id, owner: "", created_at: 1, expires_at: 2, previous: null, input: "[]", response: "{}" };
}

test("what was put is there for whoever asks next, in order, and once", () => {
  const own = join(dir, "order");
  const writer = new SpoolWriter(own, "0001-a-0");
  for (const id of ["one", "two", "three"]) expect(writer.put(response(id))).toBe(true);
  const seen: string[] = [];
  expect(drainSpool(own, 2, ({ id }) => seen.push(id))).toBe(2);
  expect(drainSpool(own, 2, ({ id }) => seen.push(id))).toBe(1);
  expect(seen).toEqual(["one", "two", "three"]);
  expect(readdirSync(own)).toEqual([]);
});

test("what the store does not take stays, with all that follows", () => {
  const own = join(dir, "away");
  const writer = new SpoolWriter(own, "0001-a-0");
  writer.put(response("one"));
  writer.put(response("two"));
  const refuse = (): void => {
    throw new Error("away");
  };
  expect(() => drainSpool(own, 10, refuse)).toThrow("away");
  const seen: string[] = [];
  drainSpool(own, 10, ({ id }) => seen.push(id));
  expect(seen).toEqual(["one", "two"]);
});

test("garbage and halves are passed over, a folder that is not there is empty", () => {
  const own = join(dir, "garbage");
  const writer = new SpoolWriter(own, "0002-a-0");
  writeFileSync(join(own, "0001-a-0-x.json"), "{");
  writeFileSync(join(own, "0003-a-0-x.json.part"), "{");
  writer.put(response("good"));
  const seen: string[] = [];
  drainSpool(own, 10, ({ id }) => seen.push(id));
  expect(seen).toEqual(["good"]);
  expect(drainSpool(join(dir, "nowhere"), 10, () => {})).toBe(0);
});

test("past a bound nothing more is taken, until there is room", () => {
  const own = join(dir, "full");
  const writer = new SpoolWriter(own, "0001-a-0");
  for (let at = 0; at < 1000; at += 1) writer.put(response(`r${at}`));
  expect(writer.put(response("more"))).toBe(false);
  drainSpool(own, 10, () => {});
  expect(writer.put(response("more"))).toBe(true);
});
