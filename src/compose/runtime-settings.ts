/**
 * Settings of the runtime that are read from the environment once, when a process begins. Who sets them otherwise is obeyed.
 *
 * `MIMALLOC_PURGE_HOLES` (of Bun's allocator): memory that is not in use goes back to the system by whole pages of the allocator
 * only, not also in pieces of pages that are in use. Giving back those, which are soon in use again, took a tenth of all CPU.
 */
const SETTINGS: Readonly<Record<string, string>> = { MIMALLOC_PURGE_HOLES: "0" };

/**
 * Begins the process anew with the settings, in place: id, folder, streams and arguments stay. Returns where they are in force
 * already, and where the system does not let a process do this: it runs all the same.
 */
export function beginAnew(): void {
  const env = process.env as Record<string, string>;
  if (process.execve === undefined || Object.keys(SETTINGS).every((name) => env[name] !== undefined)) return;
  try {
    process.execve(process.execPath, commandLine(), { ...SETTINGS, ...env });
  } catch {
    // What cannot be set is done without.
  }
}

/** An executable made by `bun build --compile` is its own program. */
function commandLine(): string[] {
  const own = Bun.main.startsWith("/$bunfs/") ? [] : [...process.execArgv, Bun.main];
  return [process.execPath, ...own, ...process.argv.slice(2)];
}
