import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { sizeOf } from "../../canonical/json-size.ts";
import { percentDecoded } from "../../lib/percent-decode.ts";

const MAX_INLINED = 500;
/** Characters that references may add to a schema. Vendors refuse far smaller ones as too complex. */
const MAX_ADDED = 256 * 1024;

/** Reports what of a schema could not be kept. */
export type ReportSchema = (message: string) => void;

export interface Walk {
  root: JsonObject;
  report: ReportSchema;
  /** The `$ref`s being put in place, to stop at cycles. */
  open: string[];
  /** How many more may be put in place, and how many characters they may have: nested references multiply. */
  left: number;
  room: number;
}

export function startWalk(root: JsonObject, report: ReportSchema): Walk {
  return { root, report, open: [], left: MAX_INLINED, room: MAX_ADDED };
}

/** Anchors (`#name`) are the API's to find. */
export function isDangling(root: JsonObject, reference: string): boolean {
  const isAnchor = reference.startsWith("#") && !reference.startsWith("#/");
  return !isAnchor && resolve(root, reference) === undefined;
}

/** The schema behind a reference that may be put in place: known, not inside itself, and within the allowance. */
export function take(name: string, walk: Walk): JsonObject | undefined {
  if (walk.open.includes(name) || walk.left <= 0) return undefined;
  const target = resolve(walk.root, name);
  if (target === undefined) return undefined;
  walk.room -= sizeOf(target, walk.room);
  // One that is too large ends it for all: what is refused has been counted, too.
  walk.left = walk.room < 0 ? 0 : walk.left - 1;
  if (walk.room < 0) return undefined;
  walk.open.push(name);
  return target;
}

function resolve(root: JsonObject, reference: string): JsonObject | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let current: Json | undefined = root;
  for (const step of reference.slice(2).split("/")) {
    const key = unescaped(step);
    if (!isJsonObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return isJsonObject(current) ? current : undefined;
}

/** A step of a JSON pointer in a URL, where both have their escapes. */
function unescaped(step: string): string {
  return percentDecoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
}
