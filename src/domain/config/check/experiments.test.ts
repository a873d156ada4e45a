import { expect, test } from "bun:test";
import { ConfigError, loadConfig, type Config } from "../index.ts";

function load(experiments: string): Config {
  const checkCondition = (source: string) => (source === "broken" ? { message: "does not compile" } : null);
  return loadConfig({ text: `experiments: [${experiments}]`, env: {}, manifests: [], checkCondition }).config;
}

function problems(experiments: string): string[] {
  try {
    load(experiments);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const ARMS = "arms: [{ name: a }, { name: b, model: m }]";

test("what is left out has its default", () => {
  const [experiment] = load(`{ name: e, when: "true", ${ARMS} }`).experiments;
  expect(experiment).toMatchObject({ enabled: true, scope: "global", unit: "user", ramp: [], priority: 0 });
  expect(experiment?.arms[0]).toMatchObject({ name: "a", weight: 1, targets: [], policy: "weighted", fallbacks: [] });
});

test("dates of a ramp are read as times", () => {
  const ramp = 'ramp: [{ from: 2026-12-01, percent: 5 }, { from: "2026-12-02T09:00:00+01:00", percent: 50 }]';
  expect(load(`{ name: e, when: "true", ${ARMS}, ${ramp} }`).experiments[0]?.ramp).toEqual([
    { from: Date.UTC(2026, 11, 1), percent: 5 },
    { from: Date.UTC(2026, 11, 2, 8), percent: 50 },
  ]);
});

test.each([
  [`{ name: e, when: "true", ${ARMS} }, { name: e, when: "true", ${ARMS} }`, "experiments[1].name: the name"],
  [`{ name: e, when: broken, ${ARMS} }`, "experiments[0].when: does not compile"],
  [`{ name: e, when: "true", scope: "team:x", ${ARMS} }`, 'experiments[0].scope: there is no team "x"'],
  [`{ name: e, when: "true", arms: [{ name: a }] }`, "experiments[0].arms: "],
  [`{ name: e, when: "true", arms: [{ name: a }, { name: a }] }`, "experiments[0].arms[1].name: the name"],
  [
    `{ name: e, when: "true", arms: [{ name: a, weight: 0 }, { name: b, weight: 0 }] }`,
    "experiments[0].arms: all weights",
  ],
  [
    `{ name: e, when: "true", arms: [{ name: a }, { name: b, weight: 0 }], ramp: [{ from: 2026-01-01, percent: 5 }] }`,
    "experiments[0].arms: all weights",
  ],
  [
    `{ name: e, when: "true", arms: [{ name: a }, { name: b, model: m, targets: [{ model: n }] }] }`,
    "experiments[0].arms[1].model: stands beside targets",
  ],
  [
    `{ name: e, when: "true", arms: [{ name: a }, { name: b, targets: [{ provider: nobody, model: n }] }] }`,
    'experiments[0].arms[1].targets[0].provider: there is no provider "nobody"',
  ],
  [
    `{ name: e, when: "true", ${ARMS}, ramp: [{ from: 2026-02-01, percent: 5 }, { from: 2026-01-01, percent: 9 }] }`,
    "experiments[0].ramp[1].from: must be later",
  ],
  [`{ name: e, when: "true", ${ARMS}, ramp: [{ from: yesterday, percent: 5 }] }`, "experiments[0].ramp[0].from: "],
  [
    `{ name: e, when: "true", ${ARMS}, ramp: [{ from: 2026-02-01, percent: 101 }] }`,
    "experiments[0].ramp[0].percent: ",
  ],
  [`{ name: e, when: "true", ${ARMS}, unit: team }`, "experiments[0].unit: "],
  [`{ name: e, ${ARMS} }`, "experiments[0].when: "],
])("%s", (experiments, problem) => {
  expect(problems(experiments)[0]).toStartWith(problem);
});

test("a mode of sticky sessions alone is short for it with its defaults", () => {
  const routing = (text: string) => loadConfig({ text, env: {}, manifests: [] }).config.routing.sticky;
  const usual = { ttl_seconds: 300, switch_factor: 2 };
  expect(routing("{}")).toEqual({ mode: "auto", ...usual });
  expect(routing("routing: { sticky: on }")).toEqual({ mode: "on", ...usual });
  expect(routing("routing: { sticky: { mode: off, ttl_seconds: 60 } }")).toEqual({
    mode: "off",
    ttl_seconds: 60,
    switch_factor: 2,
  });
});
