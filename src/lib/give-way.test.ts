import { expect, test } from "bun:test";
import { join } from "node:path";

const CHILD = join(import.meta.dir, "fixtures", "give-way-child.ts");

test.skipIf(process.platform !== "linux")(
  "another thread gets the core, but not with each call when it always wants it",
  async () => {
    const child = Bun.spawn(["taskset", "-c", "0", process.execPath, CHILD], { stdout: "pipe", stderr: "inherit" });
    const rounds = JSON.parse(await new Response(child.stdout).text()) as number[];
    // The scheduler may take the core away, or give it back, by itself.
    expect(rounds.filter((lost) => lost >= 1).length).toBeGreaterThan(rounds.length / 2);
    expect(rounds.filter((lost) => lost <= 100).length).toBeGreaterThan(rounds.length / 2);
  },
);
