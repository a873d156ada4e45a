import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../domain/journal/fixtures/temporary-directory.ts";
import { createJournalReader } from "../../domain/journal/reader.ts";
import { listSegments } from "../../domain/journal/segment.ts";
import { openSqliteStore } from "./open.ts";

const CHILD = join(import.meta.dir, "fixtures", "journal-child.ts");
const WRITER_KILLS = 20;
const READER_KILLS = 20;

/** Starts a child, kills it some milliseconds after its first output (or lets it end), and returns all its output. */
async function runAndKill(args: readonly string[], afterMs: number): Promise<{ output: string; killed: boolean }> {
  const child = Bun.spawn([process.execPath, CHILD, ...args], { stdout: "pipe", stderr: "inherit" });
  let output = "";
  let timer: Timer | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    timer ??= setTimeout(() => child.kill("SIGKILL"), afterMs);
    output += decoder.decode(chunk, { stream: true });
  }
  await child.exited;
  clearTimeout(timer);
  return { output, killed: child.signalCode === "SIGKILL" };
}

test("whatever is killed when: every acknowledged record is stored exactly once, and charged exactly once", async () => {
  using dir = temporaryDirectory();
  const journal = join(dir.path, "journal");
  const url = `sqlite:${join(dir.path, "store", "x.db")}`;
  mkdirSync(journal);
  const acknowledged: string[] = [];
  let torn = 0;
  for (let kill = 0; kill < WRITER_KILLS; kill++) {
    const { output } = await runAndKill(["write", journal, `boot${kill}`], Math.random() * 8);
    const lines = output.split("\n");
    // The last id may have been cut off by the kill; its record may or may not be there.
    if (lines.pop() !== "") torn += 1;
    acknowledged.push(...lines);
  }
  let readerKills = 0;
  for (let kill = 0; kill < READER_KILLS; kill++) {
    if ((await runAndKill(["read", journal, url], Math.random() * 8)).killed) readerKills += 1;
  }

  const store = openSqliteStore(url);
  const reader = createJournalReader({
    dir: journal,
    store,
    sinks: [],
    liveBoot: "last",
    report: () => {},
  });
  reader.drain();
  const stored: string[] = [];
  for (let page = store.list({}, 500, null); ; page = store.list({}, 500, page.next)) {
    stored.push(...page.records.map((record) => record.id));
    if (page.next === null) break;
  }
  const unique = new Set(stored);
  expect(acknowledged.length).toBeGreaterThan(WRITER_KILLS);
  expect(readerKills).toBeGreaterThan(0);
  expect(acknowledged.filter((id) => !unique.has(id))).toEqual([]);
  expect(stored.length).toBe(unique.size);
  // Of each writer at most the one record that it was killed over is there without an acknowledgement.
  expect(stored.length).toBeLessThanOrEqual(acknowledged.length + WRITER_KILLS + torn);
  expect(store.balances()).toEqual([{ counter: "requests", period: 0, amount: stored.length }]);
  expect(listSegments(journal)).toEqual([]);
  expect(store.positions()).toEqual([]);
  store.close();
}, 120_000);
