import { beforeEach, expect, test } from "bun:test";
import type { SnapshotData } from "../pipeline/snapshot-data.ts";
import type { FromData, ThreadStart } from "./messages.ts";
import { ThreadPool } from "./threads.ts";

/** A data thread that does only what the test says. */
class FakeThread extends EventTarget {
  postMessage(): void {}
  terminate(): void {}

  serves(version: number): void {
    const data: FromData = { type: "serving", version, port: 1 };
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  ends(): void {
    this.dispatchEvent(new Event("close"));
  }
}

let threads: FakeThread[];
let pool: ThreadPool;

const snapshot = (version: number) => ({
  type: "snapshot" as const,
  data: { version } as SnapshotData,
  segments: [],
  gates: [],
});

beforeEach(async () => {
  // Pools of earlier tests go on replacing theirs.
  const own: FakeThread[] = [];
  threads = own;
  pool = new ThreadPool({
    count: 2,
    port: 0,
    start: {} as ThreadStart,
    createWorker: () => {
      const thread = new FakeThread();
      own.push(thread);
      setTimeout(() => thread.serves(1));
      return thread as unknown as Worker;
    },
    log: () => {},
    lost: () => {},
    embedded: () => {},
  });
  await pool.start(snapshot(1));
});

/** What has been reached so far, in order. */
function enforced(...versions: number[]): number[] {
  const reached: number[] = [];
  for (const version of versions) void pool.enforce(snapshot(version)).then(() => reached.push(version));
  return reached;
}

test("a snapshot is in force when the last thread goes by it", async () => {
  const reached = enforced(2);
  threads[0]?.serves(2);
  await Bun.sleep(0);
  expect(reached).toEqual([]);
  threads[1]?.serves(2);
  await Bun.sleep(0);
  expect(reached).toEqual([2]);
});

test("a thread that skips one to a later one, or ends, keeps nobody waiting", async () => {
  const reached = enforced(2, 3);
  threads[0]?.serves(3);
  await Bun.sleep(0);
  expect(reached).toEqual([]);
  threads[1]?.ends();
  await Bun.sleep(0);
  expect(reached).toEqual([2, 3]);
});

test("a thread that starts in between is waited for as well", async () => {
  threads[0]?.ends();
  while (threads.length < 3) await Bun.sleep(10);
  const reached = enforced(2);
  threads[1]?.serves(2);
  await Bun.sleep(0);
  expect(reached).toEqual([]);
  await Bun.sleep(10);
  threads[2]?.serves(2);
  await Bun.sleep(0);
  expect(reached).toEqual([2]);
});
