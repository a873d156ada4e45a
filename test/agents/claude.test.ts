import { afterAll, beforeAll, expect, test } from "bun:test";
import { DIALECTS } from "../e2e/sdk/scene.ts";
import { EITHER, startAgentScene, TASK, turnsOf, type AgentScene } from "./agent-scene.ts";

let scene: AgentScene;

beforeAll(async () => {
  scene = await startAgentScene();
});

afterAll(() => scene.close());

for (const dialect of DIALECTS) {
  test(`Claude Code writes a file with a model of ${dialect}`, async () => {
    const run = await scene.run("claude", dialect, ["-p", "Write the file.", "--dangerously-skip-permissions"]);
    expect(run).toEqual({ code: 0, output: expect.stringContaining(TASK.last), written: TASK.content });
    expect(scene.calls.map(({ refusal }) => refusal)).toEqual(scene.calls.map(() => null));
    expect(scene.calls.at(-1)?.asked?.results).toHaveLength(1);
    expect(new Set(scene.calls.map((call) => call.dialect))).toEqual(new Set([dialect]));
  });
}

test("Claude Code's session stays with the provider that it began at", async () => {
  const args = ["-p", "Write the file.", "--dangerously-skip-permissions"];
  const { written } = await scene.run("claude", "anthropic-messages", args, EITHER);
  expect(written).toBe(TASK.content);
  const turns = await turnsOf(scene, "chat");
  expect(turns.length).toBeGreaterThan(1);
  expect(new Set(turns.map(({ provider }) => provider)).size).toBe(1);
  expect(turns.map(({ sticky }) => sticky)).toContain(`x-claude-code-session-id: kept ${turns[0]?.place}`);
});
