import { afterAll, beforeAll, expect, test } from "bun:test";
import { DIALECTS } from "../e2e/sdk/scene.ts";
import { startAgentScene, TASK, type AgentScene } from "./agent-scene.ts";

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
