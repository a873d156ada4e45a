import { scanTopLevel } from "./json-scan.ts";
import { exceedsValues } from "./json-values.ts";

/** Shorter texts cannot keep a parser busy for long, nor whoever writes what they hold, whatever that is. */
const HARMLESS = 24 * 1024;
const MAX_DEPTH = 200;
const MAX_VALUES = 200_000;

/** A message's JSON object; null for anything else, and for what nests deeper than 200 levels or holds more than 200,000 values. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    if (text.length > HARMLESS && (exceedsValues(text, MAX_VALUES) || isTooDeep(text))) return null;
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isTooDeep(text: string): boolean {
  return scanTopLevel(text, { maxDepth: MAX_DEPTH }).tooDeep;
}
