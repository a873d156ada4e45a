import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";

const MAIN = new URL("../../src/compose/main.ts", import.meta.url).pathname;
const KEY = "sk-tl-launch-0123456789";

let gateway: Gateway;
let folder: string;

/** Stands in for an agent: tells what it was started with, and ends as its first argument says. */
const AGENT = `#!/bin/sh
case "$1" in
  wait) trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.1; done ;;
  die) kill -KILL $$ ;;
esac
env
echo "args: $*"
test -z "$GEMINI_CLI_HOME" || cat "$GEMINI_CLI_HOME/.gemini/settings.json" "$GEMINI_CLI_HOME/.gemini/memory.md"
exit 7
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-launch-test-"));
  mkdirSync(join(folder, ".gemini"));
  writeFileSync(
    join(folder, ".gemini/settings.json"),
    '{ // chosen once\n "security": { "auth": { "selectedType": "oauth-personal" } }, "ui": { "theme": "x" } }',
  );
  writeFileSync(join(folder, ".gemini/memory.md"), "remembered");
  for (const name of ["claude", "codex", "gemini", "opencode", "qwen"]) {
    writeFileSync(join(folder, name), AGENT);
    chmodSync(join(folder, name), 0o755);
  }
  gateway = await startGateway({
    config: {
      providers: {
        "my-host": { dialect: "openai-chat", base_url: "http://127.0.0.1:9", keyless: true, models: ["m"] },
      },
      governance: { virtual_keys: [{ name: "agent", value: KEY, provider_configs: [{ provider: "my-host" }] }] },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Record<string, string> = {}): Bun.Subprocess<"ignore", "pipe", "pipe"> {
  return Bun.spawn([process.execPath, MAIN, "launch", ...args], {
    env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, TRUNKLINE_URL: gateway.url, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function launch(args: readonly string[], env: Record<string, string> = {}) {
  const child = start(args, env);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

const OPTIONS = ["--key", KEY, "--model", "my-host/m", "--", "-p", "two words"];

test("claude gets address, key and model, and no other way to a model", async () => {
  const { out, code } = await launch(["claude", ...OPTIONS], {
    CLAUDE_CODE_USE_BEDROCK: "1",
    ANTHROPIC_API_KEY: "own",
  });
  expect(code).toBe(7);
  const lines = out.split("\n");
  expect(lines).toContain(`ANTHROPIC_BASE_URL=${gateway.url}/anthropic`);
  expect(lines).toContain(`ANTHROPIC_AUTH_TOKEN=${KEY}`);
  expect(lines).toContain("ANTHROPIC_API_KEY=");
  expect(lines).toContain("ANTHROPIC_MODEL=my-host/m");
  expect(lines).toContain("ANTHROPIC_DEFAULT_HAIKU_MODEL=my-host/m");
  expect(lines).toContain("args: -p two words");
  expect(out).not.toContain("CLAUDE_CODE_USE_BEDROCK");
});

test("codex gets a provider of its own for this run", async () => {
  const { out } = await launch(["codex", ...OPTIONS]);
  expect(out).toContain(`TRUNKLINE_KEY=${KEY}`);
  expect(out).toContain(`-c model_providers.trunkline.base_url="${gateway.url}/v1"`);
  expect(out).toContain('-c model_providers.trunkline.wire_api="responses" -c model="my-host/m" -p two words');
});

test("gemini sees its user's home, but for the sign-in", async () => {
  const { out } = await launch(["gemini", ...OPTIONS]);
  expect(out).toContain(`GOOGLE_GEMINI_BASE_URL=${gateway.url}/genai`);
  expect(out).toContain('{"security":{"auth":{"selectedType":"gemini-api-key"}},"ui":{"theme":"x"}}remembered');
  const home = /GEMINI_CLI_HOME=(.*)/.exec(out)?.[1] ?? "";
  expect(home).toContain("trunkline-launch-");
  expect(existsSync(home)).toBe(false);
  expect(existsSync(join(folder, ".gemini/memory.md"))).toBe(true);
});

test("opencode gets the models that the gateway offers", async () => {
  const { out } = await launch(["opencode"], { TRUNKLINE_KEY: KEY });
  const config = JSON.parse(/OPENCODE_CONFIG_CONTENT=(.*)/.exec(out)?.[1] ?? "{}");
  expect(config).toMatchObject({
    provider: { trunkline: { options: { baseURL: `${gateway.url}/v1` }, models: { "my-host/m": {} } } },
    model: "trunkline/my-host/m",
  });
});

test("qwen gets the address of an OpenAI host", async () => {
  const { out } = await launch(["qwen", ...OPTIONS]);
  expect(out).toContain(`OPENAI_BASE_URL=${gateway.url}/v1`);
  expect(out).toContain("OPENAI_MODEL=my-host/m");
  expect(out).toContain("args: --auth-type openai -p two words");
});

test("signals go to the agent, and what it ends with comes back", async () => {
  const child = start(["claude", "--key", KEY, "--", "wait"]);
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGTERM");
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("caught\n");
  expect(await child.exited).toBe(9);
  expect((await launch(["claude", "--key", KEY, "--", "die"])).code).toBe(137);
});

test("what is wrong is said before anything starts", async () => {
  expect((await launch(["claude"], { PATH: "/nowhere" })).err).toContain(
    "Claude Code (claude) is not on the PATH; install it: npm install -g @anthropic-ai/claude-code",
  );
  expect((await launch(["claude"])).err).toContain("wants a virtual key: --key, or TRUNKLINE_KEY");
  expect((await launch(["claude", "--url", "http://127.0.0.1:9"])).err).toContain("no gateway at http://127.0.0.1:9");
  const unknown = await launch(["emacs"]);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('no agent "emacs"') });
  expect(await launch(["claude", "-p", "x"])).toMatchObject({ code: 2 });
  expect((await launch(["claude", "--help"])).out).toContain("Usage: trunkline launch claude|codex|gemini");
});
