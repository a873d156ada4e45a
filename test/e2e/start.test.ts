import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { startGateway } from "../gateway/start.ts";

/** The environment and the arguments that a process of that id began with. */
function beginning(pid: number): { env: string[]; args: string[] } {
  const [env = [], args = []] = ["environ", "cmdline"].map((name) =>
    readFileSync(`/proc/${pid}/${name}`, "utf8").split("\0").slice(0, -1),
  );
  return { env, args };
}

test("a gateway begins with the settings of its runtime, as the process that was started", async () => {
  const gateway = await startGateway({ env: { OF_MINE: "a = b" }, args: ["--log-level", "warn"] });
  const { env, args } = beginning(gateway.pid);
  expect(env).toContain("MIMALLOC_PURGE_HOLES_MIN_INTERVAL=2000");
  expect(env).toContain("OF_MINE=a = b");
  expect(args.slice(2)).toEqual(["start", "--port", "0", "--threads", "2", "--log-level", "warn"]);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  await gateway.stop();
});

test("a setting that the operator chose otherwise stays", async () => {
  const gateway = await startGateway({ env: { MIMALLOC_PURGE_HOLES_MIN_INTERVAL: "7" } });
  expect(beginning(gateway.pid).env.filter((each) => each.startsWith("MIMALLOC"))).toEqual([
    "MIMALLOC_PURGE_HOLES_MIN_INTERVAL=7",
  ]);
  await gateway.stop();
});
