import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { until } from "./bench.ts";

const HEAD = "version: 1\nproviders:\n  demo: {}\naliases:\n";
const alias = (name: string): string => `  ${name}: demo/demo-fast\n`;

let gateway: Gateway;
let path = "";

beforeAll(async () => {
  gateway = await startGateway({
    config: { version: 1, providers: { demo: {} }, aliases: { first: "demo/demo-fast" } },
  });
  path = join(gateway.dir, "trunkline.yaml");
});
afterAll(() => gateway.stop());

const inForce = (): string[] =>
  [...gateway.log().matchAll(/configuration version (\d+) is in force/g)].map(([, n]) => n ?? "");

async function aliases(): Promise<string[]> {
  const { data } = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id).filter((id) => !id.includes("/"));
}

test("a changed file is read without a signal", async () => {
  writeFileSync(path, HEAD + alias("second"));
  await until(() => inForce().length === 1, "the change is in force");
  expect(await aliases()).toEqual(["second"]);
});

test("a file that is still being written is not read, however valid its first half is", async () => {
  writeFileSync(path, HEAD);
  for (const name of ["a", "b", "c", "d"]) {
    appendFileSync(path, alias(name));
    await Bun.sleep(400);
  }
  await until(() => inForce().length > 1, "the whole file is in force");
  expect(await aliases()).toEqual(["a", "b", "c", "d"]);
  expect(inForce()).toEqual(["2", "3"]);
});

test("a file that is gone, or no good, leaves the last one in force", async () => {
  rmSync(path);
  await until(() => gateway.log().includes("was not reloaded"), "the loss is told");
  expect(await aliases()).toEqual(["a", "b", "c", "d"]);
  writeFileSync(path, HEAD + alias("back"));
  await until(() => inForce().length === 3, "the file that came back is in force");
  expect(await aliases()).toEqual(["back"]);
});
