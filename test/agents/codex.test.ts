import { afterAll, beforeAll, expect, test } from "bun:test";
import { DIALECTS } from "../e2e/sdk/scene.ts";
import { CODEX_MODEL, EITHER, startAgentScene, TASK, turnsOf, type AgentScene } from "./agent-scene.ts";

const ARGS = ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "Write the file."];

let scene: AgentScene;

beforeAll(async () => {
  scene = await startAgentScene();
});

afterAll(() => scene.close());

for (const dialect of DIALECTS) {
  test(`Codex CLI writes a file by its shell with a model of ${dialect}`, async () => {
    const run = await scene.run("codex", dialect, ARGS);
    expect(run).toEqual({ code: 0, output: expect.stringContaining(TASK.last), written: TASK.content });
    expect(scene.calls.map(({ refusal }) => refusal)).toEqual([null, null]);
    expect(scene.calls.at(-1)?.asked?.results).toHaveLength(1);
  });

  // Responses passes custom tools as they are, which the provider of these tests does not call.
  if (dialect === "openai-responses") continue;
  test(`Codex CLI applies a patch, a free text, of ${dialect}`, async () => {
    const run = await scene.run("codex", dialect, ARGS, `${CODEX_MODEL}-on-${dialect}`);
    expect(run).toEqual({ code: 0, output: expect.stringContaining(TASK.last), written: TASK.content });
    expect(scene.calls.at(-1)?.asked?.calls).toMatchObject([{ name: "apply_patch" }]);
    expect(scene.calls.at(-1)?.asked?.results).toHaveLength(1);
  });
}

test("Codex's session stays with the provider that it began at", async () => {
  const { written } = await scene.run("codex", "openai-responses", ARGS, EITHER);
  expect(written).toBe(TASK.content);
  const turns = await turnsOf(scene, "responses");
  expect(turns.length).toBeGreaterThan(1);
  expect(new Set(turns.map(({ provider }) => provider)).size).toBe(1);
  expect(turns.map(({ sticky }) => sticky)).toContain(`session-id: kept ${turns[0]?.place}`);
});
