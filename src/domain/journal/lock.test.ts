import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { JournalLocked, lockJournal } from "./lock.ts";

const HOLD = `
  const { lockJournal } = await import(${JSON.stringify(join(import.meta.dir, "lock.ts"))});
  // Held on to: a lock that is collected as garbage is given back.
  globalThis.held = lockJournal(process.argv[1]);
  process.stdout.write("locked");
  setInterval(() => {}, 1000);
`;

test("one process has the directory, until it is killed", async () => {
  using dir = temporaryDirectory();
  const child = Bun.spawn([process.execPath, "-e", HOLD, dir.path], { stdout: "pipe", stderr: "inherit" });
  await child.stdout.getReader().read();
  expect(() => lockJournal(dir.path)).toThrow(JournalLocked);
  child.kill("SIGKILL");
  await child.exited;
  lockJournal(dir.path).release();
});

test("release gives it back, within the process too", () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, "journal");
  const lock = lockJournal(path);
  expect(() => lockJournal(path)).toThrow(path);
  lock.release();
  lockJournal(path).release();
  expect(statSync(path).mode & 0o777).toBe(0o700);
});
