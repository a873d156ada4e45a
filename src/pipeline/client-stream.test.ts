import { expect, test } from "bun:test";
import { ClientStream } from "./client-stream.ts";

const KIB = 1024;
const SOME = new Uint8Array(64 * KIB);

interface Watched {
  stream: ClientStream;
  told: string[];
}

function watched(): Watched {
  const told: string[] = [];
  const note = (what: string) => (): void => {
    told.push(what);
  };
  const stream = new ClientStream({ pause: note("pause"), resume: note("resume"), cancelled: note("cancelled") });
  return { stream, told };
}

test("a slow reader pauses the source at 256 KiB, once, and lets it go on when nearly nothing waits any more", async () => {
  const { stream, told } = watched();
  for (let written = 0; written < 3; written += 1) stream.write(SOME);
  expect(told).toEqual([]);
  stream.write(SOME);
  stream.write(SOME);
  expect(told).toEqual(["pause"]);
  const reader = stream.body.getReader();
  for (let read = 0; read < 4; read += 1) await reader.read();
  expect(told).toEqual(["pause"]);
  await reader.read();
  expect(told).toEqual(["pause", "resume"]);
});

test("a reader that keeps up never pauses the source", async () => {
  const { stream, told } = watched();
  const reader = stream.body.getReader();
  for (let turn = 0; turn < 20; turn += 1) {
    stream.write(SOME);
    expect((await reader.read()).value?.byteLength).toBe(SOME.byteLength);
  }
  expect(told).toEqual([]);
});

test("a reader that goes away is told of once, and not when the stream has ended", async () => {
  const { stream, told } = watched();
  await stream.body.cancel();
  stream.write(SOME);
  stream.end();
  expect(told).toEqual(["cancelled"]);
  const ended = watched();
  ended.stream.end();
  await ended.stream.body.cancel();
  expect(ended.told).toEqual([]);
});
