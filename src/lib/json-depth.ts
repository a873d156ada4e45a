import { scanTopLevel } from "./json-scan.ts";

/** Shorter texts cannot nest deep enough. */
const HARMLESS = 24 * 1024;
const MAX_DEPTH = 1000;

/**
 * Whether a JSON text nests deeper than 1,000 levels. Nothing that is meant does; from some 30,000 on, writing it again takes
 * the runtime a second or fails.
 */
export function nestsTooDeep(text: string): boolean {
  return text.length > HARMLESS && scanTopLevel(asObject(text), { maxDepth: MAX_DEPTH }).tooDeep;
}

function asObject(text: string): string {
  return text.trimStart().startsWith("{") ? text : `{"":${text}}`;
}
