import { readLines } from "./read-lines.ts";
import { fileFailed, list, remove, sizeOf } from "./reader-files.ts";
import type { Reader } from "./reader-state.ts";
import { finishedSegments, segmentPath } from "./segment.ts";

const GIB = 1024 * 1024 * 1024;

/** Publishes how many bytes are unread or undeleted; drops the oldest segments first where that is the policy. */
export function measureBacklog(reader: Reader): void {
  const { gauge } = reader.options;
  if (gauge === undefined) scan(reader);
  else gauge.measure(() => scan(reader));
}

function scan(reader: Reader): number {
  const { options, state } = reader;
  const segments = list(reader);
  if (segments === null) return state.stats.backlogBytes;
  const finished = finishedSegments(segments, options.liveBoot);
  const sizes = new Map<string, number>();
  for (const { name } of segments) {
    const size = sizeOf(reader, name);
    // What is read of a segment still being written will be deleted with it, and cannot be sooner.
    sizes.set(name, finished.has(name) ? size : Math.max(0, size - (state.positions?.get(name) ?? 0)));
  }
  let backlog = 0;
  for (const bytes of sizes.values()) backlog += bytes;
  if (options.whenFull === "drop_oldest") backlog -= drop(reader, sizes, finished, backlog);
  state.stats.backlogBytes = backlog;
  state.stats.segments = sizes.size;
  return backlog;
}

/** Returns the bytes that it freed. */
function drop(reader: Reader, sizes: Map<string, number>, finished: ReadonlySet<string>, backlog: number): number {
  const { maxBytes = GIB, report } = reader.options;
  const { stats, positions } = reader.state;
  let freed = 0;
  for (const [name, bytes] of sizes) {
    if (backlog - freed < maxBytes) break;
    if (!finished.has(name)) continue;
    const records = countRecords(reader, name, positions?.get(name) ?? 0);
    if (!remove(reader, name)) continue;
    sizes.delete(name);
    freed += bytes;
    stats.droppedSegments += 1;
    stats.droppedRecords += records;
    report({ type: "segment_dropped", segment: name, records, bytes });
  }
  return freed;
}

function countRecords(reader: Reader, name: string, offset: number): number {
  try {
    return readLines(segmentPath(reader.options.dir, name), offset, Infinity).records.length;
  } catch (error) {
    fileFailed(reader, name, error);
    return 0;
  }
}
