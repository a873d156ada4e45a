import { afterAll, beforeAll, expect, test } from "bun:test";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chunk, LAST_CHUNK, STREAM_HEAD } from "../mock-upstream/answers.ts";
import { ask, configOf, goodAnswer, PIECES, startBench, TEXT, until, type Bench } from "./bench.ts";
import { WIRES } from "./wire.ts";

const ROUNDS = 50;
const STREAMS = 20;
/** About 200 requests a second: one each so many milliseconds. */
const PACE_MS = 5;
/** Between two reloads, so that requests of many versions are under way. */
const BREATH_MS = 60;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ network: { idle_timeout_ms: 20_000 } });
});
afterAll(() => bench.stop());

/** A valid configuration that differs from all others by what an alias means. */
function valid(round: number): string {
  return JSON.stringify(
    configOf(bench.mock.url, [], {
      network: { idle_timeout_ms: 20_000 },
      config: { aliases: { [`version-${round}`]: "p-openai-chat/declared" } },
    }),
  );
}

const plain = (extra: Record<string, unknown>): string =>
  JSON.stringify({ ...configOf("http://127.0.0.1:9", [], {}), ...extra });

const INVALID: readonly (() => string)[] = [
  () => "",
  () => "version: 1\nproviders: [",
  () => "version: 2\n",
  () => '{"version": 1, "version": 1}',
  () => "\u0000\u0001\u0002",
  () => plain({ surprise: true }),
  () => plain({ providers: { nobody: { base_url: "http://127.0.0.1:9" } } }),
  () => plain({ aliases: { a: "b", b: "a" } }),
  () =>
    plain({ routing: { rules: [{ name: "r", when: "model ==", targets: [{ provider: "p-gemini", model: "m" }] }] } }),
  () =>
    plain({
      routing: {
        rules: [{ name: "r", when: "nothing.like.this == 1", targets: [{ provider: "p-gemini", model: "m" }] }],
      },
    }),
  () => plain({ routing: { rules: [{ name: "r", when: "true", targets: [{ provider: "elsewhere", model: "m" }] }] } }),
  () => plain({ governance: { virtual_keys: [{ name: "k", value: "env.NOT_SET_ANYWHERE" }] } }),
  () =>
    plain({
      providers: {
        p: {
          dialect: "openai-chat",
          base_url: "http://127.0.0.1:9",
          keyless: true,
          network: { ca_file: "/does/not/exist" },
        },
      },
    }),
];

function put(text: string): void {
  const path = join(bench.gateway.dir, "trunkline.yaml");
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  bench.gateway.kill("SIGHUP");
}

const logged = (text: string): number => bench.gateway.log().split(text).length - 1;

async function models(): Promise<string> {
  return (await fetch(`${bench.gateway.url}/v1/models`)).text();
}

test(`${ROUNDS} reloads, good and bad, under load and open streams`, async () => {
  const wire = WIRES["openai-chat"];
  const events = wire.events(PIECES, wire.usage);
  const long = bench.model("openai-chat", [
    { write: STREAM_HEAD },
    ...events.slice(0, 3).map((event) => chunk(event)),
    { wait: 4000 },
    ...events.slice(3).map((event) => chunk(event)),
    LAST_CHUNK,
  ]);
  const streams = Array.from({ length: STREAMS }, () => ask(bench, "openai-chat", long, { stream: true, usage: true }));
  const name = long.split("/")[1] ?? "";
  const open = (): number => bench.mock.requests.filter(({ body }) => body.includes(`"${name}"`)).length;
  await until(() => open() === STREAMS, "all streams are open under the first version");
  const load = { isOver: false };
  const wrong: string[] = [];
  const loaded = (async () => {
    const model = [false, true].map((stream) => bench.model("openai-chat", goodAnswer("openai-chat", stream)));
    const asked: Promise<void>[] = [];
    for (let at = 0; !load.isOver; at += 1) {
      const stream = at % 4 === 0;
      const seen = ask(bench, "openai-chat", model[stream ? 1 : 0] ?? "", { stream, usage: true });
      asked.push(
        seen.then(
          ({ reading, status, body }) => void (reading.text === TEXT || wrong.push(`${status} ${body}`)),
          (error: unknown) => void wrong.push(String(error)),
        ),
      );
      await Bun.sleep(PACE_MS);
    }
    await Promise.all(asked);
  })();
  const slow: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    if (round % 2 === 0) {
      put(valid(round));
      await until(async () => (await models()).includes(`version-${round}"`), `version ${round} is in force`);
      slow.push(performance.now() - started);
    } else {
      const refused = logged("was not reloaded");
      put(INVALID[Math.floor(round / 2) % INVALID.length]?.() ?? "");
      await until(
        () => logged("was not reloaded") > refused,
        `number ${Math.floor(round / 2) % INVALID.length} is refused`,
      );
      expect(await models()).toContain(`version-${round - 1}"`);
    }
    await Bun.sleep(BREATH_MS);
  }
  load.isOver = true;
  await loaded;
  expect(wrong).toEqual([]);
  for (const seen of await Promise.all(streams))
    expect(seen.reading).toEqual({ text: TEXT, error: null, isWhole: true, hasMark: true });
  const records = await bench.gateway.records(bench.ids.length);
  expect(records).toHaveLength(bench.ids.length);
  const versions = new Set(records.map(({ snapshot }) => snapshot));
  expect(versions.size).toBeGreaterThan(ROUNDS / 4);
  for (const record of records) expect(record.outcome).toBe("success");
  const of = (model: string): number[] =>
    records.filter(({ requested_model }) => requested_model === model).map(({ snapshot }) => snapshot);
  expect(new Set(of(long))).toEqual(new Set([1]));
  console.log(
    `${records.length} requests over ${versions.size} versions; slowest reload ${Math.max(...slow).toFixed(0)} ms`,
  );
}, 60_000);
