import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "bun:test";

/** Set to write snapshots anew: `UPDATE_GOLDEN=1 bun test ./test/golden`. */
const isUpdating = Bun.env["UPDATE_GOLDEN"] === "1";

/** Compares a value with its file below `snapshots/`; a file that is not there is a failure. */
export function expectSnapshot(name: string, value: unknown): void {
  const text = `${written(value, "", 0)}\n`;
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

/** JSON as the formatter of this repository writes it: what fits stands on one line. `taken`: columns beside the value. */
function written(value: unknown, indent: string, taken: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const line = onOneLine(value);
  if (line !== undefined && indent.length + taken + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  const entries = Object.entries(value);
  const parts = entries.map(([name, each], at) => {
    const key = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    const comma = at === entries.length - 1 ? 0 : 1;
    return inner + key + written(each, inner, key.length + comma);
  });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** Undefined for what never stands on one line: lists of several things that have parts themselves. */
function onOneLine(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const parts = Object.entries(value).map(([key, each]) => {
    const text = onOneLine(each);
    return text === undefined || Array.isArray(value) ? text : `${JSON.stringify(key)}: ${text}`;
  });
  if (parts.includes(undefined) || (Array.isArray(value) && isTable(value))) return undefined;
  if (parts.length === 0) return Array.isArray(value) ? "[]" : "{}";
  return Array.isArray(value) ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}

function isTable(list: readonly unknown[]): boolean {
  const hasParts = (each: unknown): boolean =>
    typeof each === "object" && each !== null && Object.keys(each).length > 1;
  return list.length > 1 && list.every(hasParts);
}

/** What answers tell in the Responses dialect: the many other fields repeat the request. */
const TOLD = ["id", "model", "status", "incomplete_details", "error", "output", "usage", "service_tier"];

/** A body without the fields that say nothing of the answer. */
export function telling(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("object" in body) || body.object !== "response") return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => TOLD.includes(key)));
}
