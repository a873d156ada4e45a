import type { PolicyName } from "../../src/canonical/names.ts";
import { SCENARIOS } from "./scenarios.ts";
import { simulate, type SimulationResult } from "./simulate.ts";

const COMPARED: readonly PolicyName[] = ["adaptive", "round_robin", "weighted", "lowest_latency"];

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const seconds = (value: number | null): string => (value === null ? "-" : `${value.toFixed(1)} s`);

const COLUMNS: readonly (readonly [string, (result: SimulationResult) => string])[] = [
  ["scenario", ({ scenario }) => scenario],
  ["policy", ({ policy }) => policy],
  ["answered", ({ success }) => percent(success)],
  ["by the first", ({ firstTry }) => percent(firstTry)],
  ["p99", ({ p99Ms }) => `${p99Ms} ms`],
  ["cents/1000", ({ cost }) => cost.toFixed(0)],
  ["shifts", ({ shiftSeconds }) => seconds(shiftSeconds)],
  ["recovers", ({ recoverSeconds }) => seconds(recoverSeconds)],
];

function tableOf(results: readonly SimulationResult[]): string {
  const rows = [COLUMNS.map(([name]) => name), ...results.map((result) => COLUMNS.map(([, read]) => read(result)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

const results = SCENARIOS.flatMap((scenario) => COMPARED.map((policy) => simulate(scenario, policy)));
console.log(process.argv.includes("--json") ? JSON.stringify(results, null, 2) : tableOf(results));
