import { readdirSync } from "node:fs";
import { join } from "node:path";

/** One file of the journal. Its name holds all of this, so that a directory listing is enough to know what is what. */
export interface Segment {
  /** File name: `<created>-<boot>-<thread>-<sequence>.ndjson`; names sort by creation. */
  name: string;
  /** Unix milliseconds. */
  created: number;
  /** The process start that wrote it. */
  boot: string;
  thread: number;
  /** Counts the segments of one thread of one boot, from 0. */
  sequence: number;
}

const NAME = /^(\d{13})-([a-z0-9]+)-(\d{4,})-(\d{8,})\.ndjson$/;

/** The segment with its name. Throws a TypeError when the boot is not of lower-case letters and digits. */
export function nameSegment(created: number, boot: string, thread: number, sequence: number): Segment {
  const name = `${padded(created, 13)}-${boot}-${padded(thread, 4)}-${padded(sequence, 8)}.ndjson`;
  if (!NAME.test(name)) throw new TypeError(`boot "${boot}" and thread ${thread} do not make a segment name`);
  return { name, created, boot, thread, sequence };
}

/** What a file name says, or null when it is not the name of a segment. */
export function readSegmentName(name: string): Segment | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, created, boot = "", thread, sequence] = match;
  return { name, created: Number(created), boot, thread: Number(thread), sequence: Number(sequence) };
}

/** The segments in a directory, oldest first; other files are passed over. Throws what the file system throws. */
export function listSegments(dir: string): Segment[] {
  const segments: Segment[] = [];
  for (const name of readdirSync(dir).toSorted()) {
    const segment = readSegmentName(name);
    if (segment !== null) segments.push(segment);
  }
  return segments;
}

/**
 * Names of the segments that nobody writes to any more: all of dead boots, and of the live boot all but the newest of
 * each thread (a writer creates its next segment only after its last write to the one before).
 */
export function finishedSegments(segments: readonly Segment[], liveBoot: string): Set<string> {
  const newest = new Map<number, Segment>();
  for (const segment of segments) {
    const known = newest.get(segment.thread);
    if (segment.boot === liveBoot && (known === undefined || segment.sequence > known.sequence)) {
      newest.set(segment.thread, segment);
    }
  }
  const open = new Set(Array.from(newest.values(), (segment) => segment.name));
  return new Set(segments.filter((segment) => !open.has(segment.name)).map((segment) => segment.name));
}

/** Path of a segment. */
export function segmentPath(dir: string, name: string): string {
  return join(dir, name);
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
