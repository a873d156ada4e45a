import { existsSync, unlinkSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before a gateway's own code: a data thread throws where nobody catches it when a file named `crash` appears in the
 * process's folder, and is gone at once when one named `crash-hard` does; one thread a file.
 */
const PlainWorker = globalThis.Worker;

class CrashingWorker extends PlainWorker {
  constructor(url: string | URL, options: WorkerOptions = {}) {
    super(url, { ...options, preload: [import.meta.path] });
  }
}

function crashWhenTold(): void {
  if (isTold("crash-hard")) process.exit(1);
  if (isTold("crash")) throw new Error("crash for the test");
}

function isTold(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

if (isMainThread) globalThis.Worker = CrashingWorker;
else setInterval(crashWhenTold, 10);
