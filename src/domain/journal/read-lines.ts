import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { giveWay } from "../../lib/give-way.ts";
import { parseRecord } from "./parse-record.ts";
import type { RecordLine } from "../../canonical/record.ts";

/** What lies in a segment behind an offset. */
export interface ReadLines {
  records: RecordLine[];
  /** Behind the last line that was taken. */
  offset: number;
  /** Lines that are no records. */
  malformed: number;
  /** Offset of the first of them. */
  firstMalformed: number;
  /** Size of the file when it was opened. */
  size: number;
  /** No whole line was left behind `offset`. */
  exhausted: boolean;
  /** Bytes behind the last line feed that are not blank; only meaningful when exhausted. */
  tornBytes: number;
}

const CHUNK = 64 * 1024;
/** Lines between which whoever shares the core gets a turn. */
const PIECE = 48;
const LINE_FEED = 0x0a;

/** Takes at most `max` whole lines of a file from `offset` on. Blank lines count as nothing. Throws what the file system throws. */
export function readLines(path: string, offset: number, max: number): ReadLines {
  const fd = openSync(path, "r");
  try {
    const { size } = fstatSync(fd);
    const lines: ReadLines = {
      records: [],
      offset,
      malformed: 0,
      firstMalformed: -1,
      size,
      exhausted: false,
      tornBytes: 0,
    };
    let left = max;
    for (let taken = -1; left > 0 && taken !== 0 && !lines.exhausted; left -= taken) {
      taken = takeLines(readChunk(fd, lines.offset, size), lines, left);
    }
    return lines;
  } finally {
    closeSync(fd);
  }
}

/** Bytes from `offset`: up to `CHUNK`, or as many as it takes to hold a line feed, or all up to `size`. */
function readChunk(fd: number, offset: number, size: number): Buffer {
  let wanted = CHUNK;
  for (;;) {
    const length = Math.max(0, Math.min(wanted, size - offset));
    const buffer = Buffer.allocUnsafe(length);
    const chunk = buffer.subarray(0, readFully(fd, buffer, offset));
    if (chunk.length < wanted || chunk.includes(LINE_FEED)) return chunk;
    wanted *= 4;
  }
}

function readFully(fd: number, buffer: Buffer, offset: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** Returns how many lines it took from the chunk, which starts at `lines.offset`. */
function takeLines(chunk: Buffer, lines: ReadLines, max: number): number {
  const base = lines.offset;
  let start = 0;
  let taken = 0;
  while (taken < max) {
    const end = chunk.indexOf(LINE_FEED, start);
    if (end === -1) {
      lines.exhausted = base + chunk.length >= lines.size;
      if (lines.exhausted) lines.tornBytes = chunk.toString("utf8", start).trim() === "" ? 0 : chunk.length - start;
      break;
    }
    takeLine(chunk.toString("utf8", start, end), base + start, lines);
    taken += 1;
    if (taken % PIECE === 0) giveWay();
    start = end + 1;
    lines.offset = base + start;
  }
  return taken;
}

function takeLine(text: string, offset: number, lines: ReadLines): void {
  const record = parseRecord(text);
  if (record !== null) {
    lines.records.push({ record, text });
  } else if (text.trim() !== "") {
    if (lines.malformed === 0) lines.firstMalformed = offset;
    lines.malformed += 1;
  }
}
