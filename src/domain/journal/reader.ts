import { giveWay } from "../../lib/give-way.ts";
import { measureBacklog } from "./backlog.ts";
import type { JournalSink, JournalStats } from "./port.ts";
import { readLines } from "./read-lines.ts";
import type { ReadLines } from "./read-lines.ts";
import { fileFailed, list, remove, sizeOf } from "./reader-files.ts";
import { newReaderState, reportOnce, storeFailed, storeRecovered } from "./reader-state.ts";
import type { JournalReaderOptions, Reader } from "./reader-state.ts";
import type { RecordLine, RequestRecord } from "../../canonical/record.ts";
import { finishedSegments, segmentPath } from "./segment.ts";
import type { Segment } from "./segment.ts";

export interface JournalReader {
  /**
   * Stores one batch, hands it to the sinks, deletes what is finished, and publishes the backlog. Never throws.
   * Returns the number of records handed on; a full batch means that more may be waiting. Nothing is stored while
   * the wait after a failure of the store runs. `most`: lines of the batch, else as many as the options say.
   */
  poll(most?: number): number;
  /** Polls until nothing whole is left to read, or the store refuses. Does not wait. Returns the records handed on. */
  drain(): number;
  /** Live: the same object at each call. */
  stats(): Readonly<JournalStats>;
}

/** A segment with what was read of it in this poll. */
interface Progress {
  segment: Segment;
  /** The stored offset. */
  from: number;
  lines: ReadLines;
}

/**
 * Reads all segments of a directory, oldest first, and hands each record on exactly once: the store takes records and
 * positions in one transaction, and where it has none of that, reading goes on from the positions it has.
 */
export function createJournalReader(options: JournalReaderOptions): JournalReader {
  const { batch = 500, now = () => performance.now() } = options;
  const reader: Reader = { options, now, state: newReaderState(options.sinks) };
  const { state } = reader;
  return {
    poll(most = batch) {
      const handed = now() < state.retryAt ? 0 : step(reader, most).records;
      measureBacklog(reader);
      return handed;
    },
    drain() {
      let handed = 0;
      let last: Step;
      do {
        last = step(reader, batch);
        handed += last.records;
      } while (last.moved);
      measureBacklog(reader);
      return handed;
    },
    stats: () => state.stats,
  };
}

interface Step {
  records: number;
  /** Some position went forward. */
  moved: boolean;
}

const STANDSTILL: Step = { records: 0, moved: false };

function step(reader: Reader, most: number): Step {
  const segments = list(reader);
  if (segments === null) return STANDSTILL;
  // Before anything is read: what is finished in this listing has all its bytes by now.
  const finished = finishedSegments(segments, reader.options.liveBoot);
  return loadPositions(reader, segments)
    ? advance(reader, gather(reader, segments, finished, most), finished)
    : STANDSTILL;
}

function advance(reader: Reader, progress: readonly Progress[], finished: ReadonlySet<string>): Step {
  const moved = progress.filter(({ from, lines }) => lines.offset > from);
  const records = moved.flatMap(({ lines }) => lines.records);
  if (moved.length > 0 && !store(reader, records, moved)) return STANDSTILL;
  if (records.length > 0) handOn(reader, records);
  for (const { segment, lines } of progress) {
    if (lines.exhausted && finished.has(segment.name)) finish(reader, segment.name, lines);
  }
  forgetGone(reader);
  return { records: records.length, moved: moved.length > 0 };
}

/** False while the store cannot tell them. Positions of files that are gone are forgotten at the next chance. */
function loadPositions(reader: Reader, segments: readonly Segment[]): boolean {
  const { options, state } = reader;
  if (state.positions !== null) return true;
  try {
    state.positions = new Map(options.store.positions().map(({ segment, offset }) => [segment, offset]));
  } catch (error) {
    storeFailed(reader, error);
    return false;
  }
  storeRecovered(reader);
  const present = new Set(segments.map((segment) => segment.name));
  for (const name of state.positions.keys()) if (!present.has(name)) state.gone.add(name);
  return true;
}

/** Reads up to `most` lines from the oldest segments that have any. */
function gather(reader: Reader, segments: readonly Segment[], finished: ReadonlySet<string>, most: number): Progress[] {
  const progress: Progress[] = [];
  let room = most;
  for (const segment of segments) {
    if (room <= 0) break;
    const from = reader.state.positions?.get(segment.name) ?? 0;
    const path = segmentPath(reader.options.dir, segment.name);
    try {
      if (!finished.has(segment.name) && sizeOf(reader, segment.name) <= from) continue;
      const lines = readLines(path, from, room);
      room -= lines.records.length + lines.malformed;
      progress.push({ segment, from, lines });
    } catch (error) {
      fileFailed(reader, segment.name, error);
    }
  }
  return progress;
}

function store(reader: Reader, records: readonly RecordLine[], moved: readonly Progress[]): boolean {
  const { options, state } = reader;
  giveWay();
  try {
    options.store.append(
      records,
      moved.map(({ segment, lines }) => ({ segment: segment.name, offset: lines.offset })),
    );
  } catch (error) {
    storeFailed(reader, error);
    return false;
  }
  storeRecovered(reader);
  for (const { segment, lines } of moved) {
    state.positions?.set(segment.name, lines.offset);
    countMalformed(reader, segment.name, lines);
  }
  state.stats.records += records.length;
  return true;
}

function countMalformed(reader: Reader, segment: string, lines: ReadLines): void {
  if (lines.malformed === 0) return;
  reader.state.stats.malformedLines += lines.malformed;
  reportOnce(reader, segment, { type: "malformed_line", segment, offset: lines.firstMalformed });
}

/** Records that a sink is handed at once. */
const PIECE = 128;

function handOn(reader: Reader, lines: readonly RecordLine[]): void {
  for (let at = 0; at < lines.length; at += PIECE) {
    const records = lines.slice(at, at + PIECE).map(({ record }) => record);
    for (const sink of reader.options.sinks) handTo(reader, sink, records);
    giveWay();
  }
}

function handTo(reader: Reader, sink: JournalSink, records: readonly RequestRecord[]): void {
  try {
    sink.write(records);
  } catch (error) {
    const { sinkFailures } = reader.state.stats;
    sinkFailures.set(sink.name, (sinkFailures.get(sink.name) ?? 0) + 1);
    reportOnce(reader, sink.name, { type: "sink_failed", sink: sink.name, error });
  }
}

/** All whole lines are stored and nobody writes any more: the file goes, and with it a torn tail. */
function finish(reader: Reader, name: string, lines: ReadLines): void {
  if (!remove(reader, name) || lines.tornBytes === 0) return;
  reader.state.stats.tornTails += 1;
  reader.options.report({ type: "torn_tail", segment: name, bytes: lines.tornBytes });
}

/** After the files, never before: a file without its position would be read again from the start. */
function forgetGone(reader: Reader): void {
  const { options, state } = reader;
  if (state.gone.size === 0) return;
  const names = [...state.gone];
  try {
    options.store.forget(names);
  } catch (error) {
    storeFailed(reader, error);
    return;
  }
  for (const name of names) {
    state.gone.delete(name);
    state.positions?.delete(name);
    state.reported.delete(`malformed_line:${name}`);
    state.reported.delete(`file_failed:${name}`);
  }
}
