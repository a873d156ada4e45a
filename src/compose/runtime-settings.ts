/**
 * Settings of the runtime that are read from the environment once, when a process begins. Who sets them otherwise is obeyed.
 *
 * `MIMALLOC_PURGE_HOLES_MIN_INTERVAL` (of Bun's allocator, milliseconds): memory that is not in use goes back to the system also in
 * pieces of pages that are in use, at most so often. Most of those are soon in use again: giving them back all the time took
 * a tenth of all CPU, never giving them back kept a fifth of the memory that a burst had needed.
 */
const SETTINGS: Readonly<Record<string, string>> = { MIMALLOC_PURGE_HOLES_MIN_INTERVAL: "2000" };

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
