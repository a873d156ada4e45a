import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf } from "../../src/domain/journal/fixtures/lines.ts";
import { sampleRecord } from "../../src/domain/journal/fixtures/record.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-commands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAIN = new URL("../../src/compose/main.ts", import.meta.url).pathname;

function run(args: readonly string[]): { code: number; out: string; err: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "" },
  });
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() };
}

test.each([[["logs"]], [["experiments"]]])("%j reads a store, and makes none", (args) => {
  const { code, err } = run([...args, "--store", "sqlite:./mistyped/trunkline.db"]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("there is no store at") });
  expect(existsSync(join(folder, "mistyped"))).toBe(false);
});

test("logs takes a filter several times, for alternatives, and one id", () => {
  const url = `sqlite:${join(folder, "alternatives.db")}`;
  const store = openSqliteStore(url);
  const outcomes = ["success", "rate_limited", "budget_exceeded"] as const;
  store.append(linesOf(outcomes.map((outcome) => sampleRecord({ id: outcome, outcome }))));
  store.close();
  const filters = outcomes.slice(1).flatMap((outcome) => ["--outcome", outcome]);
  const { out } = run(["logs", "--store", url, "--json", ...filters]);
  expect(out.trim().split("\n")).toHaveLength(2);
  const { code, err } = run(["logs", "success", "rate_limited", "--store", url]);
  expect([code, err]).toEqual([2, expect.stringContaining("one ID at most")]);
});

test("logs says so when there is no such record", () => {
  const url = `sqlite:${join(folder, "trunkline.db")}`;
  openSqliteStore(url).close();
  expect(run(["logs", "--store", url])).toEqual({ code: 0, out: "", err: "" });
  const { code, err } = run(["logs", "req_none", "--store", url]);
  expect({ code, err }).toEqual({ code: 1, err: 'trunkline logs: no record whose id begins with "req_none"\n' });
});

test("--version is the command version", () => {
  expect(run(["--version"])).toEqual(run(["version"]));
  expect(run(["--version"]).code).toBe(0);
});
