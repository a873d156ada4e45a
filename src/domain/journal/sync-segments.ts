import { open } from "node:fs/promises";
import { listSegments, segmentPath } from "./segment.ts";

/**
 * Makes what stands in the journal survive a power cut, without blocking the caller. Segments that vanish meanwhile have been
 * stored. Rejects when the disk refuses.
 */
export async function syncSegments(dir: string): Promise<void> {
  await Promise.all(listSegments(dir).map(({ name }) => syncOne(segmentPath(dir, name))));
}

async function syncOne(path: string): Promise<void> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return;
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
