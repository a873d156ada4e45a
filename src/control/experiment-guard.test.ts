import { expect, test } from "bun:test";
import { loadConfig, type Config } from "../domain/config/index.ts";
import type { ArmCounts, ArmStop } from "../domain/experiment/port.ts";
import { ExperimentGuard } from "./experiment-guard.ts";

const NOW = 1_790_000_000_000;

function configOf(stopWhen: string, more = ""): Config {
  const arms = "arms: [{ name: a }, { name: b, model: m }, { name: c, model: n }]";
  const text = `experiments: [{ name: e, when: "true", ${arms}, stop_when: ${stopWhen} ${more} }]`;
  return loadConfig({ text, env: {}, manifests: [] }).config;
}

/** A guard over requests, errors and aborts of each arm; `faults`: the experiments that its store fails for. */
function guardOver(
  counts: Record<string, [requests: number, errors: number, aborted?: number]>,
  kept: ArmStop[] = [],
  faults: { counting?: string; keeping?: string } = {},
) {
  const told: string[] = [];
  const ranges: number[] = [];
  const found = new Map<string, ArmCounts>(
    Object.entries(counts).map(([arm, [requests, errors, aborted = 0]]) => [arm, { requests, errors, aborted }]),
  );
  const guard = new ExperimentGuard({
    store: {
      armCounts: (name, { since }) => {
        if (name === faults.counting) throw new Error("no such index");
        ranges.push(since);
        return { arms: found, since };
      },
      putStop: (stop) => {
        if (stop.experiment === faults.keeping) throw new Error("disk full");
        kept.push(stop);
      },
      stops: () => kept,
    },
    log: (_, message) => void told.push(message),
  });
  return { guard, kept, told, ranges };
}

const stopped = (guard: ExperimentGuard, config: Config): string[] =>
  guard.list(config).flatMap((each) => each.stopped.map(({ arm }) => arm));

test("an arm whose errors are surely too many is stopped, once, and the first never", () => {
  const config = configOf("{ error_rate: 0.1, within_minutes: 5 }");
  const { guard, kept, told, ranges } = guardOver({ a: [200, 190], b: [100, 30], c: [100, 12] });
  expect(guard.check(config, NOW)).toBe(true);
  expect(stopped(guard, config)).toEqual(["b"]);
  expect(told).toEqual(["experiment e: the arm b was stopped: 30 of 100 requests failed, which is more than 10 %"]);
  expect(ranges).toEqual([NOW - 300_000]);
  guard.applied();
  expect(guard.check(config, NOW)).toBe(false);
  expect(kept).toHaveLength(1);
});

test("a stop is due until it is in force, however often it has to be tried", () => {
  const config = configOf("{ error_rate: 0.1 }");
  const { guard, told } = guardOver({ b: [100, 90] });
  expect([guard.check(config, NOW), guard.check(config, NOW + 5000)]).toEqual([true, true]);
  expect(told).toHaveLength(1);
  guard.applied();
  expect(guard.check(config, NOW + 10_000)).toBe(false);
});

test("what goes wrong with one experiment keeps no other's arms from being stopped", () => {
  const [experiment] = configOf("{ error_rate: 0.1 }").experiments;
  if (experiment === undefined) throw new Error("it has one");
  const config = { experiments: ["broken", "e", "full"].map((name) => ({ ...experiment, name })) };
  const { guard, told } = guardOver({ b: [100, 90] }, [], { counting: "broken", keeping: "full" });
  expect(guard.check(config, NOW)).toBe(true);
  expect(guard.list(config).map(({ stopped: [stop] }) => stop?.arm)).toEqual([undefined, "b", undefined]);
  expect(told.filter((message) => message.includes("could not be looked at"))).toEqual([
    "the experiment broken could not be looked at: no such index",
    "the experiment full could not be looked at: disk full",
  ]);
});

test("few requests, and those that clients gave up, say nothing", () => {
  const config = configOf("{ error_rate: 0.1, requests: 50 }");
  expect(guardOver({ b: [49, 49] }).guard.check(config, NOW)).toBe(false);
  expect(guardOver({ b: [60, 10, 50] }).guard.check(config, NOW)).toBe(false);
  expect(guardOver({ b: [50, 50] }).guard.check(config, NOW)).toBe(true);
});

test("a stop outlives the process, and ends when the arm or what stops it is changed", () => {
  const config = configOf("{ error_rate: 0.1 }");
  const { guard, kept } = guardOver({ b: [100, 90] });
  guard.check(config, NOW);
  expect(stopped(guardOver({}, kept).guard, config)).toEqual(["b"]);
  expect(stopped(guardOver({}, kept).guard, configOf("{ error_rate: 0.1 }", ", description: other"))).toEqual(["b"]);
  expect(stopped(guardOver({}, kept).guard, configOf("{ error_rate: 0.2 }"))).toEqual([]);
});

test("an experiment that is switched off is not looked at", () => {
  const config = configOf("{ error_rate: 0.1 }", ", enabled: false");
  const { guard, ranges } = guardOver({ b: [100, 90] });
  expect(guard.check(config, NOW)).toBe(false);
  expect(ranges).toEqual([]);
});
