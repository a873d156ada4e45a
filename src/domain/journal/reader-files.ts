import { statSync, unlinkSync } from "node:fs";
import { reportOnce } from "./reader-state.ts";
import type { Reader } from "./reader-state.ts";
import { listSegments, segmentPath } from "./segment.ts";
import type { Segment } from "./segment.ts";

/** The segments now, oldest first; null when the directory cannot be read. */
export function list(reader: Reader): Segment[] | null {
  const { dir } = reader.options;
  try {
    return listSegments(dir);
  } catch (error) {
    fileFailed(reader, dir, error);
    return null;
  }
}

/** Deletes a segment. False when that failed. */
export function remove(reader: Reader, name: string): boolean {
  try {
    unlinkSync(segmentPath(reader.options.dir, name));
  } catch (error) {
    fileFailed(reader, name, error);
    return false;
  }
  reader.state.gone.add(name);
  return true;
}

/** Size of a segment; 0 when it is gone or cannot be seen. */
export function sizeOf({ options }: Reader, name: string): number {
  try {
    return statSync(segmentPath(options.dir, name)).size;
  } catch {
    return 0;
  }
}

/** Counts the failure, and reports the first one of a name. */
export function fileFailed(reader: Reader, name: string, error: unknown): void {
  reader.state.stats.fileFailures += 1;
  reportOnce(reader, name, { type: "file_failed", name, error });
}
