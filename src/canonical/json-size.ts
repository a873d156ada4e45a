import type { Json } from "./json.ts";

/** Of quotes, commas and brackets around a value, roughly. */
const FRAME = 4;

/** Characters that a value takes in JSON, roughly. Counting stops beyond `most`, so that it takes no longer than that allows. */
export function sizeOf(value: Json, most: number): number {
  const waiting: (Json | undefined)[] = [value];
  let size = 0;
  while (waiting.length > 0 && size <= most) {
    const next = waiting.pop();
    size += FRAME;
    if (typeof next === "string") size += next.length;
    else if (Array.isArray(next)) for (const entry of next) waiting.push(entry);
    else if (typeof next === "object" && next !== null)
      for (const key of Object.keys(next)) {
        size += key.length;
        waiting.push(next[key]);
      }
  }
  return size;
}
