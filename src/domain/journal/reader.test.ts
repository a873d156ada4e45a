import { describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryStore } from "./fixtures/memory-store.ts";
import { sampleRecord } from "./fixtures/record.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { createJournalGauge } from "./gauge.ts";
import type { JournalEvent, JournalSink } from "./port.ts";
import { createJournalReader } from "./reader.ts";
import type { JournalReaderOptions } from "./reader-state.ts";
import { listSegments, nameSegment } from "./segment.ts";
import { openJournalWriter } from "./writer.ts";
import type { JournalWriter } from "./writer.ts";

const LINE = Buffer.byteLength(JSON.stringify(sampleRecord({ id: "r000" }))) + 1;

const idOf = (number: number): string => `r${String(number).padStart(3, "0")}`;
const idsTo = (end: number, start = 0): string[] =>
  Array.from({ length: end - start }, (_, index) => idOf(start + index));

function collectingSink(name = "collect"): JournalSink & { ids: string[] } {
  const ids: string[] = [];
  return { name, ids, write: (records) => ids.push(...records.map((record) => record.id)) };
}

/** A directory with a live writer, a store, a sink, and a clock of its own. */
function setUp(dir: string, options: Partial<JournalReaderOptions> & { segmentBytes?: number } = {}) {
  const events: JournalEvent[] = [];
  const clock = { now: 0 };
  const store = memoryStore();
  const sink = collectingSink();
  const { segmentBytes = 1_000_000, ...rest } = options;
  const writer = openJournalWriter({ dir, thread: 0, boot: "live", segmentBytes });
  const open = () =>
    createJournalReader({
      dir,
      store,
      sinks: [sink],
      liveBoot: "live",
      report: (event) => events.push(event),
      now: () => clock.now,
      ...rest,
    });
  return { events, clock, store, sink, writer, reader: open(), open };
}

function append(writer: JournalWriter, ids: readonly string[]): void {
  for (const id of ids) writer.append(sampleRecord({ id }));
}

function files(dir: string): string[] {
  return listSegments(dir).map((segment) => segment.name);
}

describe("handing on", () => {
  test("each record once, in order, in batches, to the store first and then to the sinks", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store, sink } = setUp(dir.path, { batch: 10 });
    append(writer, idsTo(25));
    expect([reader.poll(), reader.poll(), reader.poll(), reader.poll()]).toEqual([10, 10, 5, 0]);
    expect(store.records.map((record) => record.id)).toEqual(idsTo(25));
    expect(sink.ids).toEqual(idsTo(25));
    append(writer, idsTo(26, 25));
    expect(reader.poll()).toBe(1);
    expect(sink.ids).toEqual(idsTo(26));
    expect(reader.stats().records).toBe(26);
  });

  test("one batch takes from several segments; nothing new costs no transaction", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store } = setUp(dir.path);
    const second = openJournalWriter({ dir: dir.path, thread: 1, boot: "live" });
    append(writer, ["a"]);
    append(second, ["b"]);
    expect(reader.poll()).toBe(2);
    expect(reader.poll()).toBe(0);
    expect(store.batches).toEqual([2]);
    second.close();
  });

  test("drain takes everything", () => {
    using dir = temporaryDirectory();
    const { writer, reader, sink } = setUp(dir.path, { batch: 7, segmentBytes: LINE * 5 });
    append(writer, idsTo(100));
    expect(reader.drain()).toBe(100);
    expect(sink.ids).toEqual(idsTo(100));
    expect(reader.drain()).toBe(0);
  });

  test("sinks are handed a large batch in pieces", () => {
    using dir = temporaryDirectory();
    const pieces: number[] = [];
    const sink: JournalSink = { name: "sizes", write: (records) => pieces.push(records.length) };
    const { writer, reader, store } = setUp(dir.path, { sinks: [sink] });
    append(writer, idsTo(150));
    expect(reader.poll()).toBe(150);
    expect(store.batches).toEqual([150]);
    expect(pieces).toEqual([128, 22]);
  });

  test("a sink that throws loses its batch, is counted, told once, and harms no other", () => {
    using dir = temporaryDirectory();
    const bad: JournalSink = {
      name: "bad",
      write: () => {
        throw new Error("no");
      },
    };
    const good = collectingSink();
    const { writer, reader, events } = setUp(dir.path, { batch: 2, sinks: [bad, good] });
    append(writer, idsTo(4));
    expect(reader.drain()).toBe(4);
    expect(good.ids).toEqual(idsTo(4));
    expect(reader.stats().sinkFailures.get("bad")).toBe(2);
    expect(events).toEqual([{ type: "sink_failed", sink: "bad", error: new Error("no") }]);
  });
});

describe("segments", () => {
  test("finished ones are deleted once stored, the one being written stays", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store } = setUp(dir.path, { segmentBytes: LINE * 2, batch: 3 });
    append(writer, idsTo(5));
    expect(files(dir.path)).toHaveLength(3);
    reader.poll();
    expect(files(dir.path)).toHaveLength(2);
    reader.drain();
    expect(files(dir.path)).toHaveLength(1);
    expect([...store.offsets.keys()]).toEqual(files(dir.path));
    append(writer, idsTo(6, 5));
    expect(reader.drain()).toBe(1);
  });

  test("those of dead boots are read to the end and deleted; what was torn is given up and counted", () => {
    using dir = temporaryDirectory();
    const dead = openJournalWriter({ dir: dir.path, thread: 0, boot: "dead" });
    append(dead, idsTo(3));
    dead.close();
    const name = files(dir.path)[0] ?? "";
    appendFileSync(join(dir.path, name), '{"id":"torn"');
    const { reader, sink, events } = setUp(dir.path);
    expect(reader.drain()).toBe(3);
    expect(sink.ids).toEqual(idsTo(3));
    expect(existsSync(join(dir.path, name))).toBe(false);
    expect(events).toEqual([{ type: "torn_tail", segment: name, bytes: 12 }]);
    expect(reader.stats().tornTails).toBe(1);
  });

  test("empty ones of dead boots go without a word", () => {
    using dir = temporaryDirectory();
    openJournalWriter({ dir: dir.path, thread: 5, boot: "dead" }).close();
    const { reader, events, store } = setUp(dir.path);
    reader.poll();
    expect(files(dir.path)).toHaveLength(1);
    expect(events).toEqual([]);
    expect(store.batches).toEqual([]);
  });

  test("a torn line of a live writer waits, and may be cut off again", () => {
    using dir = temporaryDirectory();
    const { writer, reader, sink, events } = setUp(dir.path);
    append(writer, ["a"]);
    const path = join(dir.path, files(dir.path)[0] ?? "");
    appendFileSync(path, '{"id":"torn');
    expect(reader.poll()).toBe(1);
    expect(reader.poll()).toBe(0);
    truncateSync(path, Buffer.byteLength(JSON.stringify(sampleRecord({ id: "a" }))) + 1);
    append(writer, ["b"]);
    expect(reader.poll()).toBe(1);
    expect(sink.ids).toEqual(["a", "b"]);
    expect(events).toEqual([]);
  });

  test("malformed lines are counted, told once a segment, and block nothing", () => {
    using dir = temporaryDirectory();
    const { writer, reader, sink, events } = setUp(dir.path, { batch: 2 });
    append(writer, ["a"]);
    const name = files(dir.path)[0] ?? "";
    appendFileSync(join(dir.path, name), "broken\n{}\n[]\nnull\n\0\n");
    append(writer, ["b"]);
    expect(reader.drain()).toBe(2);
    expect(sink.ids).toEqual(["a", "b"]);
    expect(reader.stats().malformedLines).toBe(5);
    expect(events.map((event) => event.type)).toEqual(["malformed_line"]);
  });

  test("a segment that cannot be read holds up no other", () => {
    using dir = temporaryDirectory();
    const { writer, reader, sink, events } = setUp(dir.path);
    const blocked = nameSegment(1, "dead", 0, 0).name;
    // Reading a symbolic link to nowhere fails, for root too.
    symlinkSync(join(dir.path, "nowhere"), join(dir.path, blocked));
    append(writer, ["a"]);
    expect(reader.drain()).toBe(1);
    reader.poll();
    expect(sink.ids).toEqual(["a"]);
    expect(events).toMatchObject([{ type: "file_failed", name: blocked }]);
    expect(reader.stats().fileFailures).toBeGreaterThan(1);
  });

  test("a directory that is gone is an event, not an exception", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "journal");
    const { reader, events } = setUp(path);
    rmSync(path, { recursive: true });
    expect(reader.poll()).toBe(0);
    expect(events).toMatchObject([{ type: "file_failed", name: path }]);
  });

  test("other files are left alone", () => {
    using dir = temporaryDirectory();
    writeFileSync(join(dir.path, "notes.ndjson"), "x\n");
    const { reader } = setUp(dir.path);
    reader.drain();
    expect(readdirSync(dir.path)).toContain("notes.ndjson");
  });
});

describe("starting again", () => {
  test("goes on at the stored positions: nothing twice, nothing left out", () => {
    using dir = temporaryDirectory();
    const { writer, reader, open, sink } = setUp(dir.path, { batch: 4, segmentBytes: LINE * 3 });
    append(writer, idsTo(10));
    reader.poll();
    expect(open().drain()).toBe(6);
    expect(sink.ids).toEqual(idsTo(10));
  });

  test("a segment that was stored but not yet deleted is deleted, not read again", () => {
    using dir = temporaryDirectory();
    const dead = openJournalWriter({ dir: dir.path, thread: 0, boot: "dead" });
    append(dead, idsTo(3));
    dead.close();
    const { reader, store, sink } = setUp(dir.path);
    store.offsets.set(files(dir.path)[0] ?? "", LINE * 3);
    expect(reader.drain()).toBe(0);
    expect(sink.ids).toEqual([]);
    expect(files(dir.path)).toHaveLength(1);
    expect(store.offsets.size).toBe(0);
  });

  test("positions of files that are gone are forgotten", () => {
    using dir = temporaryDirectory();
    const { reader, store } = setUp(dir.path);
    store.offsets.set(nameSegment(1, "dead", 0, 0).name, 100);
    reader.poll();
    expect(store.offsets.size).toBe(0);
  });
});

describe("with the store away", () => {
  test("keeps its place, waits longer and longer, and catches up", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store, sink, events, clock } = setUp(dir.path, { batch: 10, segmentBytes: LINE * 4 });
    append(writer, idsTo(5));
    reader.poll();
    store.fault = new Error("away");
    append(writer, idsTo(30, 5));
    const attempts: number[] = [];
    for (clock.now = 0; clock.now < 20_000; clock.now += 50) {
      const before = reader.stats().storeFailures;
      expect(reader.poll()).toBe(0);
      if (reader.stats().storeFailures > before) attempts.push(clock.now);
    }
    expect(attempts).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300]);
    expect(reader.stats().storeFailing).toBe(true);
    expect(sink.ids).toEqual(idsTo(5));
    store.fault = null;
    clock.now += 5000;
    while (reader.poll() > 0);
    expect(sink.ids).toEqual(idsTo(30));
    expect(store.records.map((record) => record.id)).toEqual(idsTo(30));
    expect(events.map((event) => event.type)).toEqual(["store_failed", "store_recovered"]);
    expect(files(dir.path)).toHaveLength(1);
  });

  test("away from the start: nothing is read before the positions are known", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store, sink, clock } = setUp(dir.path);
    append(writer, idsTo(4));
    store.offsets.set(files(dir.path)[0] ?? "", LINE * 2);
    store.fault = new Error("away");
    expect(reader.poll()).toBe(0);
    store.fault = null;
    clock.now = 1000;
    expect(reader.poll()).toBe(2);
    expect(sink.ids).toEqual(idsTo(4, 2));
  });

  test("a commit whose answer was lost is tried again, and doubles nothing", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store, sink, clock } = setUp(dir.path);
    append(writer, idsTo(3));
    store.lostAnswer = true;
    expect(reader.poll()).toBe(0);
    clock.now = 1000;
    expect(reader.poll()).toBe(3);
    expect(store.records.map((record) => record.id)).toEqual(idsTo(3));
    expect(sink.ids).toEqual(idsTo(3));
  });

  test("drain ends instead of waiting", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store } = setUp(dir.path);
    append(writer, idsTo(3));
    store.fault = new Error("away");
    expect(reader.drain()).toBe(0);
    store.fault = null;
    expect(reader.drain()).toBe(3);
  });
});

describe("the backlog", () => {
  test("counts what is unread, also while the store is away; what is read of a live segment does not count", () => {
    using dir = temporaryDirectory();
    const gauge = createJournalGauge();
    const { writer, reader, store, clock } = setUp(dir.path, { gauge });
    append(writer, idsTo(10));
    store.fault = new Error("away");
    reader.poll();
    expect(reader.stats().backlogBytes).toBe(10 * LINE);
    append(writer, idsTo(20, 10));
    reader.poll();
    expect(reader.stats().backlogBytes).toBe(20 * LINE);
    expect(gauge.isFull(20 * LINE)).toBe(true);
    store.fault = null;
    clock.now = 10_000;
    reader.poll();
    expect(reader.stats().backlogBytes).toBe(0);
    expect(gauge.isFull(1)).toBe(false);
    expect(reader.stats().segments).toBe(1);
  });

  test("drop_oldest: the oldest finished segments go, are counted, and the rest arrives", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store, sink, events, clock } = setUp(dir.path, {
      segmentBytes: LINE * 5,
      whenFull: "drop_oldest",
      maxBytes: LINE * 20,
    });
    append(writer, idsTo(3));
    reader.poll();
    store.fault = new Error("away");
    append(writer, idsTo(30, 3));
    reader.poll();
    expect(reader.stats()).toMatchObject({ droppedSegments: 3, droppedRecords: 12, segments: 3 });
    expect(reader.stats().backlogBytes).toBe(15 * LINE);
    const dropped = events.filter((event) => event.type === "segment_dropped");
    expect(dropped.map(({ records, bytes }) => [records, bytes / LINE])).toEqual([
      [2, 5],
      [5, 5],
      [5, 5],
    ]);
    store.fault = null;
    clock.now = 10_000;
    reader.drain();
    expect(sink.ids).toEqual([...idsTo(3), ...idsTo(30, 15)]);
    expect([...store.offsets.keys()]).toEqual(files(dir.path));
  });

  test("refuse: nothing is ever dropped", () => {
    using dir = temporaryDirectory();
    const { writer, reader, store } = setUp(dir.path, { segmentBytes: LINE, maxBytes: LINE });
    append(writer, idsTo(10));
    store.fault = new Error("away");
    reader.poll();
    expect(files(dir.path)).toHaveLength(10);
  });
});
