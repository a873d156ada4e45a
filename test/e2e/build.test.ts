import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), "trunkline-build-"));
const program = join(dir, "trunkline");
/** No PATH: the executable must not need another program. */
const BARE = { PATH: "" };

/** An empty folder to start in. */
function emptyFolder(name: string): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  return folder;
}

function run(args: readonly string[], cwd: string): { code: number; out: string; error: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, ...args], { cwd, env: BARE });
  return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
}

/** Builds from a copy and deletes the copy, so that nothing can be read from the sources any more. */
beforeAll(() => {
  const copy = emptyFolder("copy");
  for (const each of ["src", "scripts", "package.json", "tsconfig.json"])
    cpSync(join(ROOT, each), join(copy, each), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "scripts/build.mjs", program], { cwd: copy });
  if (exitCode !== 0) throw new Error(stderr.toString());
  rmSync(copy, { recursive: true });
}, 120_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("says what it is and what it takes", () => {
  const cwd = emptyFolder("words");
  expect(run(["version"], cwd)).toEqual({
    code: 0,
    out: `trunkline ${packageJson.version} (bun ${Bun.version})\n`,
    error: "",
  });
  const help = run(["--help"], cwd);
  expect(help.code).toBe(0);
  for (const command of ["start", "config", "logs", "version"]) expect(help.out).toContain(`\n  ${command} `);
  expect(run(["start", "--help"], cwd).out).toContain("--port");
  expect(run(["nonsense"], cwd).code).toBe(2);
  expect(readdirSync(cwd)).toEqual([]);
});

test("checks a config file, conditions of rules included", () => {
  const cwd = emptyFolder("config");
  const rule = (when: string) => ({
    routing: { rules: [{ name: "r", when, targets: [{ model: "demo/demo-fast" }] }] },
  });
  writeFileSync(join(cwd, "good.yaml"), JSON.stringify(rule('headers["x-tier"] == "premium"')));
  writeFileSync(join(cwd, "bad.yaml"), JSON.stringify(rule("budget_usd > 3")));
  expect(run(["config", "check", "good.yaml"], cwd)).toMatchObject({ code: 0, error: "" });
  const bad = run(["config", "check", "bad.yaml"], cwd);
  expect(bad.code).toBe(1);
  expect(bad.error).toContain("routing.rules[0].when");
});

test("serves a first request in an empty folder, leaves a record and drains", async () => {
  const cwd = emptyFolder("first");
  // A stranger's file for the Bun command must change nothing.
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./missing.ts"]\n');
  const child = Bun.spawn([program, "start", "--port", "0", "--threads", "2"], {
    cwd,
    env: BARE,
    stdout: "pipe",
    stderr: "inherit",
  });
  try {
    const url = await listening(child.stdout);
    expect(readFileSync(`/proc/${child.pid}/environ`, "latin1")).toContain("MIMALLOC_PURGE_HOLES_MIN_INTERVAL=2000");
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "demo/demo-fast",
        messages: [{ role: "user", content: '[demo text="as asked"]' }],
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: "as asked" } }] });
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    const id = answer.headers.get("x-trunkline-request-id") ?? "";
    expect(run(["logs", id], cwd).out).toContain('"outcome":"success"');
  } finally {
    child.kill("SIGKILL");
  }
});

async function listening(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdout.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    const url = /listening on (http:\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the program ended before it served:\n${text}`);
}
