import { describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import * as nodeFs from "node:fs";
import { join } from "node:path";
import { sampleRecord } from "./fixtures/record.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { createJournalGauge } from "./gauge.ts";
import { readLines } from "./read-lines.ts";
import { listSegments } from "./segment.ts";
import { JournalWriteFailed, newBoot, openJournalWriter } from "./writer.ts";
import type { WriterFiles } from "./writer.ts";

/** Ids of all whole, well-formed lines, in order of the segments. */
function idsIn(dir: string): string[] {
  return listSegments(dir).flatMap(({ name }) =>
    readLines(join(dir, name), 0, Infinity).records.map(({ record }) => record.id),
  );
}

function noSpace(): never {
  throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write" });
}

/** A disk with `room` bytes left for writes; past it, a write stores what fits, and the next one fails. */
function smallDisk(room: number): WriterFiles & { room: number; canTruncate: boolean; canOpen: boolean } {
  const disk = {
    ...nodeFs,
    room,
    canTruncate: true,
    canOpen: true,
    openSync(path: nodeFs.PathLike, flags: nodeFs.OpenMode, mode?: nodeFs.Mode): number {
      return disk.canOpen ? nodeFs.openSync(path, flags, mode) : noSpace();
    },
    writeSync(fd: number, bytes: NodeJS.ArrayBufferView, offset = 0, length = bytes.byteLength - offset): number {
      if (disk.room === 0) noSpace();
      const written = nodeFs.writeSync(fd, bytes, offset, Math.min(disk.room, length));
      disk.room -= written;
      return written;
    },
    ftruncateSync(fd: number, length: number): void {
      if (!disk.canTruncate) noSpace();
      disk.room += nodeFs.fstatSync(fd).size - length;
      nodeFs.ftruncateSync(fd, length);
    },
  };
  return disk as typeof disk & WriterFiles;
}

const LINE = JSON.stringify(sampleRecord()).length + 1;

describe("appending", () => {
  test("a record is a whole line in the file when append returns", () => {
    using dir = temporaryDirectory();
    const writer = openJournalWriter({ dir: dir.path, thread: 3, boot: "b1" });
    const record = sampleRecord({ error_message: 'line\nbreak "quoted" \u0000 π 🚀 \ud800' });
    writer.append(record);
    const [segment] = listSegments(dir.path);
    expect(segment).toMatchObject({ boot: "b1", thread: 3, sequence: 0 });
    const text = readFileSync(join(dir.path, segment?.name ?? ""), "utf8");
    expect(text.split("\n")).toHaveLength(2);
    expect(JSON.parse(text)).toEqual(record);
    writer.close();
  });

  test("files are private to their owner", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "a", "journal");
    openJournalWriter({ dir: path, thread: 0, boot: "b1" }).close();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, readdirSync(path)[0] ?? "")).mode & 0o777).toBe(0o600);
  });

  test("records larger than the writer's buffer fit too", () => {
    using dir = temporaryDirectory();
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1" });
    const error_message = "π".repeat(300_000);
    writer.append(sampleRecord({ error_message }));
    writer.append(sampleRecord({ id: "req_2" }));
    const [segment] = listSegments(dir.path);
    const { records } = readLines(join(dir.path, segment?.name ?? ""), 0, 10);
    expect(records.map(({ record }) => record.error_message)).toEqual([error_message, null]);
    writer.close();
  });

  test("the gauge learns of every byte", () => {
    using dir = temporaryDirectory();
    const gauge = createJournalGauge();
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", gauge });
    for (let i = 0; i < 10; i++) writer.append(sampleRecord());
    expect(gauge.backlogBytes()).toBeGreaterThanOrEqual(10 * LINE);
    expect(gauge.backlogBytes()).toBeLessThan(10 * (LINE + 256));
    writer.close();
  });

  test("boots have names of their own", () => {
    expect(new Set(Array.from({ length: 100 }, newBoot)).size).toBe(100);
  });

  test("a boot that would not make a file name is refused", () => {
    using dir = temporaryDirectory();
    expect(() => openJournalWriter({ dir: dir.path, thread: 0, boot: "a/b" })).toThrow(TypeError);
  });
});

describe("rotation", () => {
  test("a full segment is followed by the next", () => {
    using dir = temporaryDirectory();
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", segmentBytes: LINE * 3 });
    for (let i = 0; i < 7; i++) writer.append(sampleRecord({ id: `req_${i}` }));
    writer.close();
    expect(listSegments(dir.path).map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(idsIn(dir.path)).toEqual(["req_0", "req_1", "req_2", "req_3", "req_4", "req_5", "req_6"]);
  });

  test("an old segment is left at the next sync, an empty one is not", () => {
    using dir = temporaryDirectory();
    let time = 1_790_000_000_000;
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", segmentMs: 1000, now: () => time });
    time += 5000;
    writer.sync();
    expect(listSegments(dir.path)).toHaveLength(1);
    writer.append(sampleRecord());
    writer.sync();
    expect(listSegments(dir.path)).toHaveLength(2);
    writer.close();
  });

  test("a thread that starts again in the same boot goes on after its old segments", () => {
    using dir = temporaryDirectory();
    const options = { dir: dir.path, thread: 0, boot: "b1" };
    openJournalWriter(options).append(sampleRecord({ id: "req_1" }));
    const again = openJournalWriter(options);
    again.append(sampleRecord({ id: "req_2" }));
    again.close();
    expect(listSegments(dir.path).map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(idsIn(dir.path)).toEqual(["req_1", "req_2"]);
  });

  test("without a way to create the next segment, the old one goes on", () => {
    using dir = temporaryDirectory();
    const files = smallDisk(Infinity);
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", segmentBytes: 1, files });
    writer.append(sampleRecord({ id: "req_1" }));
    files.canOpen = false;
    writer.append(sampleRecord({ id: "req_2" }));
    expect(listSegments(dir.path)).toHaveLength(1);
    files.canOpen = true;
    writer.append(sampleRecord({ id: "req_3" }));
    expect(listSegments(dir.path)).toHaveLength(2);
    expect(idsIn(dir.path)).toEqual(["req_1", "req_2", "req_3"]);
    writer.close();
  });
});

describe("a full disk", () => {
  test("append throws with the system's code, and says nothing else was harmed", () => {
    using dir = temporaryDirectory();
    const files = smallDisk(LINE * 2);
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files });
    writer.append(sampleRecord({ id: "req_1" }));
    writer.append(sampleRecord({ id: "req_2" }));
    let thrown: unknown;
    try {
      writer.append(sampleRecord({ id: "req_3" }));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(JournalWriteFailed);
    expect((thrown as JournalWriteFailed).code).toBe("ENOSPC");
    expect(idsIn(dir.path)).toEqual(["req_1", "req_2"]);
  });

  // Every length of what fits of the second line, with and without a way to cut the torn bytes off.
  test.each([true, false])("torn bytes never spoil a neighbour (they can be cut off: %p)", (canTruncate) => {
    for (let fits = 0; fits < LINE; fits++) {
      using dir = temporaryDirectory();
      const files = smallDisk(LINE + fits);
      files.canTruncate = canTruncate;
      const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files });
      writer.append(sampleRecord({ id: "req_1" }));
      expect(() => writer.append(sampleRecord({ id: "req_2" }))).toThrow(JournalWriteFailed);
      // Not even enough for the mark that ends torn bytes.
      files.room = canTruncate ? files.room : 1;
      expect(() => writer.append(sampleRecord({ id: "req_3" }))).toThrow(JournalWriteFailed);
      files.room = Infinity;
      writer.append(sampleRecord({ id: "req_4" }));
      writer.append(sampleRecord({ id: "req_5" }));
      expect(idsIn(dir.path)).toEqual(["req_1", "req_4", "req_5"]);
      writer.close();
    }
  });

  test("isWritable tells when there is room again, and leaves nothing behind", () => {
    using dir = temporaryDirectory();
    const files = smallDisk(LINE + 10);
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files });
    writer.append(sampleRecord({ id: "req_1" }));
    expect(writer.isWritable()).toBe(true);
    expect(() => writer.append(sampleRecord({ id: "req_2" }))).toThrow(JournalWriteFailed);
    expect(writer.isWritable()).toBe(false);
    files.room = 3000;
    expect(writer.isWritable()).toBe(false);
    files.room = 100_000;
    expect(writer.isWritable()).toBe(true);
    expect(files.room).toBe(100_000);
    writer.append(sampleRecord({ id: "req_3" }));
    expect(idsIn(dir.path)).toEqual(["req_1", "req_3"]);
    const name = listSegments(dir.path)[0]?.name ?? "";
    expect(readFileSync(join(dir.path, name), "utf8")).not.toContain("  ");
    writer.close();
  });

  test("a device that is full from the start refuses the writer, or its first record", () => {
    if (!existsSync("/dev/full")) return;
    using dir = temporaryDirectory();
    const files = { ...nodeFs, openSync: () => nodeFs.openSync("/dev/full", "a") };
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files });
    expect(() => writer.append(sampleRecord())).toThrow("ENOSPC");
    expect(writer.isWritable()).toBe(false);
  });
});

describe("syncing", () => {
  test("syncs what is new and the new name, and nothing twice", () => {
    using dir = temporaryDirectory();
    const calls: string[] = [];
    const files = {
      ...nodeFs,
      fdatasyncSync: () => calls.push("data"),
      fsyncSync: () => calls.push("directory"),
    } as unknown as WriterFiles;
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files, segmentBytes: LINE });
    writer.append(sampleRecord());
    writer.sync();
    writer.sync();
    expect(calls).toEqual(["data", "directory"]);
    writer.append(sampleRecord());
    writer.append(sampleRecord());
    expect(calls).toEqual(["data", "directory", "data", "directory"]);
    writer.close();
    expect(calls).toEqual(["data", "directory", "data", "directory", "data", "directory"]);
  });

  test("a failed sync is told", () => {
    using dir = temporaryDirectory();
    const files = { ...nodeFs, fdatasyncSync: noSpace };
    const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1", files });
    writer.append(sampleRecord());
    expect(() => writer.sync()).toThrow(JournalWriteFailed);
  });
});

test("foreign files in the directory do not matter", () => {
  using dir = temporaryDirectory();
  appendFileSync(join(dir.path, "notes.txt"), "x");
  const writer = openJournalWriter({ dir: dir.path, thread: 0, boot: "b1" });
  writer.append(sampleRecord());
  writer.close();
  expect(idsIn(dir.path)).toEqual(["req_1"]);
});
