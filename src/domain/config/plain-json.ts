/** In YAML, of which JSON is a part, this key merges. */
const MERGE_KEY = "<<";

/**
 * The value of a JSON text without anything in question: no key stands twice in an object, none is `forbidden` or merges, and
 * nothing is nested deeper than `maxDepth`. Undefined for all other texts. Files of 100,000 virtual keys are written by
 * programs, as JSON; reading them as YAML, with the place of each value, takes a hundred times as long.
 */
export function parsePlainJson(text: string, maxDepth: number, forbidden: ReadonlySet<string>): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const mayStand = (key: string): boolean => key !== MERGE_KEY && !forbidden.has(key);
  // Of keys that stand twice one is lost.
  return keysIn(value, maxDepth, mayStand) === colonsIn(text) ? value : undefined;
}

/** How many keys a value has in all; NaN when one of them may not stand, or it is nested too deeply. */
function keysIn(value: unknown, depth: number, mayStand: (key: string) => boolean): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth < 0) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += keysIn(item, depth - 1, mayStand);
    return count;
  }
  for (const [key, item] of Object.entries(value)) {
    if (!mayStand(key)) return Number.NaN;
    count += 1 + keysIn(item, depth - 1, mayStand);
  }
  return count;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** How many keys stand in a valid JSON text: colons outside of strings. */
function colonsIn(text: string): number {
  let count = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isString = !isString;
    else if (isString && code === BACKSLASH) at += 1;
    else if (!isString && code === COLON) count += 1;
  }
  return count;
}
