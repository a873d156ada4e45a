import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { camelFields, readString } from "./read.ts";
import { PARTIAL_ARG_FIELDS } from "./wire.ts";

type Step = string | number;
type Holder = JsonObject | Json[];

/** No call has lists this long; a larger index is the provider's error and would only eat memory. */
const MAX_INDEX = 10_000;

const STEP = /\.?([^.[\]]+)|\[(\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/gy;

/**
 * Adds streamed arguments to `args`. Each names its place by JSON path (`$.items[0].name`); text for the same place
 * arrives in pieces (`PartialArg` in the typings). Pieces without a readable path or value are passed over.
 */
export function addPartialArgs(args: JsonObject, list: readonly Json[]): void {
  for (const entry of list) {
    if (!isJsonObject(entry)) continue;
    const partial = camelFields(entry, PARTIAL_ARG_FIELDS);
    const steps = parsePath(readString(partial, "jsonPath"));
    const value = valueOf(partial);
    if (steps !== undefined && value !== undefined) place(args, steps, value);
  }
}

function valueOf(partial: JsonObject): Json | undefined {
  for (const key of ["stringValue", "numberValue", "boolValue"] as const) {
    const value = partial[key];
    if (value !== undefined && value !== null) return value;
  }
  return "nullValue" in partial ? null : undefined;
}

/** The steps of a path below `$`; undefined when it is not one. */
function parsePath(path: string | undefined): Step[] | undefined {
  if (path?.startsWith("$") !== true) return undefined;
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    const step = toStep(match);
    if (step === undefined) return undefined;
    steps.push(step);
    at = STEP.lastIndex;
  }
  return steps.length === 0 || typeof steps[0] === "number" ? undefined : steps;
}

function toStep(match: RegExpExecArray): Step | undefined {
  if (match[2] !== undefined) return Number(match[2]) <= MAX_INDEX ? Number(match[2]) : undefined;
  return match[1] ?? (match[3] ?? match[4])?.replaceAll(/\\(.)/g, "$1");
}

function place(root: JsonObject, steps: readonly Step[], value: Json): void {
  let holder: Holder = root;
  for (const [depth, step] of steps.slice(0, -1).entries()) {
    const known = read(holder, step);
    const next = isHolder(known) ? known : emptyFor(steps[depth + 1]);
    if (next !== known) write(holder, step, next);
    holder = next;
  }
  const last = steps.at(-1);
  if (last === undefined) return;
  const before = read(holder, last);
  write(holder, last, typeof before === "string" && typeof value === "string" ? before + value : value);
}

function isHolder(value: Json | undefined): value is Holder {
  return typeof value === "object" && value !== null;
}

function emptyFor(step: Step | undefined): Holder {
  return typeof step === "number" ? [] : {};
}

function read(holder: Holder, step: Step): Json | undefined {
  if (Array.isArray(holder)) return typeof step === "number" ? holder[step] : undefined;
  return Object.hasOwn(holder, step) ? holder[String(step)] : undefined;
}

/** Defines own properties, so that `__proto__` is a name like any other. A list has no named places. */
function write(holder: Holder, step: Step, value: Json): void {
  if (Array.isArray(holder) && typeof step !== "number") return;
  Object.defineProperty(holder, step, { value, enumerable: true, configurable: true, writable: true });
}
