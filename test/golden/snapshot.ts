import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "bun:test";

/** Set to write snapshots anew: `UPDATE_GOLDEN=1 bun test ./test/golden`. */
const isUpdating = Bun.env["UPDATE_GOLDEN"] === "1";

/** Compares a value with its file below `snapshots/`; a file that is not there is a failure. */
export function expectSnapshot(name: string, value: unknown): void {
  const text = `${written(value, "")}\n`;
  expectText(join(import.meta.dir, "snapshots", `${name}.json`), text);
}

/** Compares a text with a file. */
export function expectText(file: string, text: string): void {
  if (isUpdating) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const known = existsSync(file) ? readFileSync(file, "utf8") : `(no file ${file}: UPDATE_GOLDEN=1 writes it)`;
  expect(text).toBe(known);
}

const WIDTH = 120;

/** JSON in which everything that fits stands on one line. */
function written(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (line === undefined || typeof value !== "object" || value === null || indent.length + line.length <= WIDTH)
    return line ?? "null";
  const inner = `${indent} `;
  const parts = Array.isArray(value)
    ? value.map((each) => inner + written(each, inner))
    : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${written(each, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}
