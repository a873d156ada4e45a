import { join } from "node:path";
import type { Config } from "../../domain/config/index.ts";

/** Bounds of what outlives requests; times in milliseconds. */
export interface StateSettings {
  dir: string;
  maxFileBytes: number;
  maxFiles: number;
  fileMs: number;
  batchConcurrency: number;
  maxLines: number;
  maxOpenBatches: number;
  batchMs: number;
  jobConcurrency: number;
  jobMs: number;
  maxPending: number;
  responseMs: number;
}

const DAY_MS = 86_400_000;

export function stateSettings({ files, batches, async_jobs: jobs, responses }: Config): StateSettings {
  return {
    dir: files.dir,
    maxFileBytes: files.max_bytes,
    maxFiles: files.max_count,
    fileMs: files.retention_days * DAY_MS,
    batchConcurrency: batches.concurrency,
    maxLines: batches.max_lines,
    maxOpenBatches: batches.max_open,
    batchMs: batches.retention_days * DAY_MS,
    jobConcurrency: jobs.concurrency,
    jobMs: jobs.ttl_seconds * 1000,
    maxPending: jobs.max_pending,
    responseMs: responses.retention_days * DAY_MS,
  };
}

/** Where answers wait for the store. */
export function spoolDir(filesDir: string): string {
  return join(filesDir, "spool");
}
