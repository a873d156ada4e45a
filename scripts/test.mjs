import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.mjs";
import { ensureInstalled } from "./install.mjs";

/** Runs all tests, or those under the paths given, and closes with what failed and one line of counts that covers every run. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
ensureInstalled(root, true);
const bun = findBun(root);
const paths = process.argv.slice(2);
const reports = mkdtempSync(join(tmpdir(), "trunkline-test-"));
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** Unit tests share one process; each file that starts whole gateways has its own, so that none inherits another's state. */
for (const [index, suite] of (paths.length > 0 ? [paths] : [["src"], ["test"]]).entries()) runSuite(suite, index);
rmSync(reports, { recursive: true, force: true });
for (const failure of failures) console.log(`\nfailed: ${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

function runSuite(suite, index) {
  const report = join(reports, `${index}.xml`);
  const args = [
    "test",
    ...suite.map((path) => `./${path}`),
    "--timeout",
    "60000",
    "--reporter=junit",
    `--reporter-outfile=${report}`,
  ];
  const { status } = spawnSync(bun, args, { cwd: root, stdio: "inherit" });
  const counts = readReport(report);
  if (status !== 0 && counts.failed === 0) {
    counts.failed = 1;
    failures.push(`${suite.join(" ")} ended with ${status ?? "a signal"}, in no test`);
  }
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}

function readReport(path) {
  try {
    const xml = readFileSync(path, "utf8");
    failures.push(...failuresIn(xml));
    const head = /<testsuites[^>]*>/.exec(xml)?.[0] ?? "";
    const count = (name) => Number(new RegExp(`${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") };
  } catch {
    failures.push("a run that left no report");
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The file, names and message of each test that failed, since they stand far above the last line of a run. */
function failuresIn(xml) {
  const cases = xml.matchAll(/<testcase ([^>]*[^/])>\s*<failure ([^>]*)>/g);
  return [...cases].map(([, test, failure]) => {
    const names = ["file", "classname", "name"].map((name) => attribute(test, name)).filter((text) => text !== "");
    return `${names.join(" > ")}\n${attribute(failure, "message").trim()}`;
  });
}

function attribute(tag, name) {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, entity) =>
    code === undefined ? (ENTITIES[entity] ?? "") : String.fromCodePoint(Number(code)),
  );
}
