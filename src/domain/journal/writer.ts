import { Buffer } from "node:buffer";
import * as nodeFs from "node:fs";
import type { JournalGauge } from "./gauge.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import { listSegments, nameSegment, segmentPath } from "./segment.ts";

/** The calls of `node:fs` that a writer makes. */
export type WriterFiles = Pick<
  typeof nodeFs,
  "openSync" | "writeSync" | "fstatSync" | "ftruncateSync" | "fdatasyncSync" | "fsyncSync" | "closeSync"
>;

export interface JournalWriterOptions {
  /** Made with mode 0700 when missing. */
  dir: string;
  /** Number of the data thread, unique among those of the process. */
  thread: number;
  /** Unique for each start of the process: lower-case letters and digits, such as those of `newBoot()`. */
  boot: string;
  /** A segment that has reached this size is followed by a new one. Default 16 MiB. */
  segmentBytes?: number;
  /** So is one of this age at the next `sync()`, lest an idle thread keep old records on disk. Default one hour. */
  segmentMs?: number;
  /** Counts the appended bytes. */
  gauge?: JournalGauge;
  files?: WriterFiles;
  now?: () => number;
}

export interface JournalWriter {
  /**
   * Appends one line. When this returns, the record survives the death of the process. When it throws a
   * `JournalWriteFailed`, the record is not in the journal, and the lines before and after it stay readable.
   */
  append(record: RequestRecord): void;
  /**
   * False when the last append failed and there still is no room for another: refuse requests before money is spent
   * on them. Costs a field read while all is well, and a test write otherwise.
   */
  isWritable(): boolean;
  /** Makes what was appended survive a power cut too; the owner calls it at intervals. Blocks for milliseconds. */
  sync(): void;
  /** Syncs and closes. No call may follow. */
  close(): void;
}

/** A record that could not be written, with the system's code (`ENOSPC`, `EIO`, …). */
export class JournalWriteFailed extends Error {
  readonly code: string;

  constructor(cause: Error) {
    const code = "code" in cause ? String(cause.code) : "EIO";
    super(`the journal cannot be written: ${code}`, { cause });
    this.name = "JournalWriteFailed";
    this.code = code;
  }
}

interface WriterState {
  fd: number;
  /** Bytes of whole lines in the open segment. */
  bytes: number;
  created: number;
  sequence: number;
  unsynced: boolean;
  /** The directory has not been synced since the segment was created: after a power cut the file could have no name. */
  unlisted: boolean;
  /** The last append failed. */
  failed: boolean;
  /** The segment ends in bytes of a failed write that could not be cut off. */
  torn: boolean;
  buffer: Buffer;
}

/** Ends torn bytes in a way that no reader takes for a record, even when they happen to be whole JSON. */
const TORN_END = Buffer.from("!\n");
/** Without a line feed: a reader never takes it, so that it can be cut off again. */
const TEST_WRITE = Buffer.alloc(4096, " ");
const MIB = 1024 * 1024;

/** A boot name that no other start of the process has; later ones sort later. */
export function newBoot(): string {
  return Date.now().toString(36) + crypto.randomUUID().slice(0, 8);
}

/** Opens a new segment for one thread. Throws a `JournalWriteFailed` when it cannot be created. */
export function openJournalWriter(options: JournalWriterOptions): JournalWriter {
  const { segmentBytes = 16 * MIB, segmentMs = 3_600_000, gauge, files = nodeFs, now = Date.now } = options;
  const state = guarded(() => firstState(options, files, now()));

  /** Without room or handles for a new segment the old one goes on: its size is a wish, the record is a promise. */
  function rotate(): void {
    const created = Math.max(now(), state.created);
    state.sequence += 1;
    let fd: number;
    try {
      fd = createFile(options, files, created, state.sequence);
    } catch {
      return;
    }
    const old = { ...state };
    // From here on readers take the old segment for finished, whatever else fails.
    Object.assign(state, { fd, created, bytes: 0, unsynced: false, unlisted: true, torn: false });
    closeSegment(options.dir, old, files);
  }

  return {
    append(record) {
      state.failed = true;
      try {
        if (state.bytes >= segmentBytes) rotate();
        const added = appendLine(state, files, JSON.stringify(record));
        if (gauge !== undefined) gauge.add(added);
      } catch (cause) {
        throw writeFailed(cause);
      }
      state.failed = false;
    },
    isWritable() {
      if (state.failed) state.failed = !testWrite(state, files);
      return !state.failed;
    },
    sync() {
      guarded(() => {
        if (state.bytes > 0 && now() - state.created >= segmentMs) rotate();
        syncSegment(options.dir, state, files);
      });
    },
    close() {
      guarded(() => closeSegment(options.dir, state, files));
    },
  };
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw writeFailed(cause);
  }
}

/** Faults of the system become a `JournalWriteFailed`; anything else is a defect and stays what it is. */
function writeFailed(cause: unknown): unknown {
  return cause instanceof Error && "syscall" in cause ? new JournalWriteFailed(cause) : cause;
}

function firstState(options: JournalWriterOptions, files: WriterFiles, created: number): WriterState {
  nodeFs.mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const sequence = nextSequence(options);
  const fd = createFile(options, files, created, sequence);
  const buffer = Buffer.allocUnsafe(64 * 1024);
  return { fd, created, sequence, bytes: 0, unsynced: false, unlisted: true, failed: false, torn: false, buffer };
}

/** A thread that is started again within one boot goes on after the segments it had left. */
function nextSequence({ dir, boot, thread }: JournalWriterOptions): number {
  let next = 0;
  for (const segment of listSegments(dir)) {
    if (segment.boot === boot && segment.thread === thread) next = Math.max(next, segment.sequence + 1);
  }
  return next;
}

function createFile(
  { dir, boot, thread }: JournalWriterOptions,
  files: WriterFiles,
  created: number,
  sequence: number,
): number {
  return files.openSync(segmentPath(dir, nameSegment(created, boot, thread, sequence).name), "ax", 0o600);
}

function syncSegment(dir: string, state: WriterState, files: WriterFiles): void {
  if (state.unsynced) files.fdatasyncSync(state.fd);
  if (state.unlisted) syncDirectory(dir, files);
  state.unsynced = false;
  state.unlisted = false;
}

function syncDirectory(dir: string, files: WriterFiles): void {
  const fd = files.openSync(dir, "r");
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}

function closeSegment(dir: string, state: WriterState, files: WriterFiles): void {
  try {
    syncSegment(dir, state, files);
  } finally {
    files.closeSync(state.fd);
  }
}

/** Returns the bytes appended. */
function appendLine(state: WriterState, files: WriterFiles, json: string): number {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const room = json.length * 3 + 1;
  if (room > state.buffer.length) state.buffer = Buffer.allocUnsafe(room * 2);
  const length = state.buffer.write(json, 0, "utf8");
  state.buffer[length] = 0x0a;
  if (state.torn) cut(state, files);
  if (state.torn) endTorn(state, files);
  writeOrCut(state, files, state.buffer, length + 1);
  return length + 1;
}

/** Writes all of the bytes, or leaves the segment as it was and throws. */
function writeOrCut(state: WriterState, files: WriterFiles, bytes: Buffer, length: number): void {
  let written = 0;
  try {
    while (written < length) written += files.writeSync(state.fd, bytes, written, length - written);
  } catch (cause) {
    if (written > 0) cut(state, files);
    throw cause;
  }
  state.bytes += length;
  state.unsynced = true;
}

function cut(state: WriterState, files: WriterFiles): void {
  try {
    files.ftruncateSync(state.fd, state.bytes);
    state.torn = false;
  } catch {
    // The next append tries again; the fault that led here is the one to report.
    state.torn = true;
  }
}

/** Where torn bytes cannot be cut off, they become a line that is no record. */
function endTorn(state: WriterState, files: WriterFiles): void {
  const { size } = files.fstatSync(state.fd);
  const written = files.writeSync(state.fd, TORN_END);
  if (written !== TORN_END.length)
    throw new JournalWriteFailed(new Error(`wrote ${written} bytes of ${TORN_END.length}`));
  state.bytes = size + written;
  state.torn = false;
}

function testWrite(state: WriterState, files: WriterFiles): boolean {
  try {
    const written = files.writeSync(state.fd, TEST_WRITE, 0, TEST_WRITE.length);
    cut(state, files);
    return written === TEST_WRITE.length;
  } catch {
    return false;
  }
}
