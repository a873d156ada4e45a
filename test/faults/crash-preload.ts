import { existsSync, unlinkSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before a gateway's own code: a data thread throws where nobody catches it when a file named `crash` appears in the
 * process's folder, one thread a file.
 */
const PlainWorker = globalThis.Worker;

class CrashingWorker extends PlainWorker {
  constructor(url: string | URL, options: WorkerOptions = {}) {
    super(url, { ...options, preload: [import.meta.path] });
  }
}

function crashWhenTold(): void {
  if (!existsSync("crash")) return;
  try {
    unlinkSync("crash");
  } catch {
    return;
  }
  throw new Error("crash for the test");
}

if (isMainThread) globalThis.Worker = CrashingWorker;
else setInterval(crashWhenTold, 10);
