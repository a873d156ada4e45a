import { afterEach, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Gateway } from "../gateway/start.ts";
import { ask, goodAnswer, startBench, TEXT, until, type Bench } from "./bench.ts";

const REQUESTS = 200;

let undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.toReversed()) await step();
  undo = [];
});

async function bench(options: Parameters<typeof startBench>[0] = {}): Promise<Bench> {
  const made = await startBench(options);
  undo.push(() => made.stop());
  return made;
}

/** Asks in groups of ten; returns what was not answered well. */
async function askMany(it: Bench, count: number): Promise<string[]> {
  const wrong: string[] = [];
  const models = [goodModel(it, false), goodModel(it, true)];
  for (let at = 0; at < count; at += 10) {
    const group = Array.from({ length: 10 }, (_, index) =>
      ask(it, "openai-chat", models[index % 2] ?? "", { stream: index % 2 === 1, usage: true }),
    );
    for (const seen of await Promise.all(group))
      if (seen.reading.text !== TEXT) wrong.push(`${seen.status} ${seen.body}`);
  }
  return wrong;
}

function goodModel(it: Bench, stream: boolean): string {
  return it.model("openai-chat", goodAnswer("openai-chat", stream));
}

function storedIds(path: string): string[] {
  const database = new Database(path, { readonly: true });
  try {
    return database
      .query<{ id: string }, []>("SELECT id FROM request_logs")
      .all()
      .map(({ id }) => id);
  } finally {
    database.close();
  }
}

const storePath = (gateway: Gateway): string => join(gateway.dir, "data", "trunkline.db");

async function expectAll(it: Bench, path = storePath(it.gateway)): Promise<void> {
  await until(() => storedIds(path).length >= it.ids.length, "the store has caught up", 20);
  expect(storedIds(path).toSorted()).toEqual(it.ids.toSorted());
}

test("another process locks the store: requests are served, and recorded when it lets go", async () => {
  const it = await bench();
  expect(await askMany(it, 20)).toEqual([]);
  await expectAll(it);
  const other = new Database(storePath(it.gateway));
  other.run("BEGIN EXCLUSIVE");
  try {
    expect(await askMany(it, REQUESTS)).toEqual([]);
    await until(() => it.gateway.log().includes("the log store refuses records"), "the process log says so");
    expect(await askMany(it, REQUESTS)).toEqual([]);
    expect(storedIds(storePath(it.gateway))).toHaveLength(20);
  } finally {
    other.run("ROLLBACK");
    other.close();
  }
  await expectAll(it);
  await until(() => it.gateway.log().includes("the log store takes records again"), "the process log says so");
});

test("a restart while the store is locked for a moment loses nothing", async () => {
  const it = await bench();
  const other = new Database(storePath(it.gateway));
  other.run("BEGIN EXCLUSIVE");
  expect(await askMany(it, 50)).toEqual([]);
  it.gateway.kill("SIGKILL");
  await it.gateway.exited;
  other.run("ROLLBACK");
  other.close();
  const again = await bench({ gateway: { dir: it.gateway.dir } });
  await until(() => storedIds(storePath(again.gateway)).length >= 50, "the store has caught up");
  expect(storedIds(storePath(again.gateway)).toSorted()).toEqual(it.ids.toSorted());
});

/** A file system of its own of so many bytes; null where this machine does not let us. */
function smallDisk(bytes: number): string | null {
  const dir = mkdtempSync(join(tmpdir(), "trunkline-disk-"));
  const { exitCode } = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", dir], {
    stderr: "ignore",
  });
  undo.push(() => {
    if (exitCode === 0) Bun.spawnSync(["umount", "-l", dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  return exitCode === 0 ? dir : null;
}

/** Takes all the room that is left, but for `spare` bytes; returns how to give it back. */
async function fill(dir: string): Promise<() => void> {
  const path = join(dir, "filler");
  await Bun.spawn(["dd", "if=/dev/zero", `of=${path}`, "bs=4096"], { stderr: "ignore" }).exited;
  return () => rmSync(path, { force: true });
}

const canMount =
  process.getuid?.() === 0 &&
  ((): boolean => {
    const dir = smallDisk(65_536);
    return dir !== null;
  })();

describe.skipIf(!canMount)("with a small disk of its own (needs root)", () => {
  test("the store's disk is full: requests are served, and recorded when there is room", async () => {
    const disk = smallDisk(8 * 1024 * 1024) ?? "";
    const path = join(disk, "trunkline.db");
    const it = await bench({ config: { store: { url: `sqlite:${path}` } } });
    expect(await askMany(it, 20)).toEqual([]);
    await expectAll(it, path);
    const free = await fill(disk);
    expect(await askMany(it, 2000)).toEqual([]);
    await until(() => it.gateway.log().includes("the log store refuses records"), "the process log says so");
    expect(await askMany(it, 100)).toEqual([]);
    free();
    await expectAll(it, path);
  });

  test("the journal's disk is full: what cannot be recorded is refused, and nothing that was answered is lost", async () => {
    const disk = smallDisk(2 * 1024 * 1024) ?? "";
    const it = await bench({ config: { journal: { dir: join(disk, "journal") } } });
    expect(await askMany(it, 20)).toEqual([]);
    const free = await fill(disk);
    const refused = goodModel(it, false);
    const stream = goodModel(it, true);
    const answered: string[] = [];
    const codes = new Set<string>();
    for (let at = 0; at < 200; at += 1) {
      const seen = await ask(it, "openai-chat", at % 2 === 0 ? refused : stream, { stream: at % 2 === 1, usage: true });
      if (seen.reading.hasMark && seen.reading.error === null) answered.push(seen.id);
      else codes.add(seen.reading.error?.code ?? `${seen.status} ${seen.error.code}`);
    }
    expect([...codes].toSorted()).toEqual(expect.arrayContaining(["503 overloaded"]));
    for (const code of codes) expect(["503 overloaded", "overloaded"]).toContain(code);
    free();
    await until(async () => (await askMany(it, 10)).length === 0, "it serves again");
    const lost = (): string[] => {
      const stored = new Set(storedIds(storePath(it.gateway)));
      return answered.filter((id) => !stored.has(id));
    };
    await until(() => lost().length === 0, "every answer has its record");
  });
});
