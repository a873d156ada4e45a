import type { Charge, RequestRecord, RuleFault } from "../../canonical/record.ts";

type Fields = Record<string, unknown>;
type Check = (value: unknown) => unknown;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const text: Check = (value) => (isText(value) ? value : "");
const textOrNull: Check = (value) => (isText(value) ? value : null);
const number: Check = (value) => (isNumber(value) ? value : 0);
const numberOrNull: Check = (value) => (isNumber(value) ? value : null);
const flag: Check = (value) => value === true;
const objects: Check = (value) => (Array.isArray(value) ? only(value, isObject) : []);
const listOrAbsent: Check = (value) => (value === undefined ? undefined : objects(value));
const charges: Check = (value) => (Array.isArray(value) ? only(value, isCharge) : []);

function ruleFaults(value: unknown): unknown {
  return Array.isArray(value) ? only(value, isRuleFault) : undefined;
}

const routeOrNull: Check = (value) => (isObject(value) && isCandidates(value["candidates"]) ? value : null);
const isCandidates = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isObject));

/** The list itself where nothing has to be left out, which is nearly always. */
function only(values: readonly unknown[], is: (value: unknown) => boolean): readonly unknown[] {
  return values.every(is) ? values : values.filter(is);
}

/** What stands in for a field that an older or newer program did not write, or wrote otherwise. */
const CHECKS: readonly (readonly [keyof RequestRecord, Check])[] = [
  ["operation", text],
  ["dialect", text],
  ["stream", flag],
  ["outcome", text],
  ["status", number],
  ["error_code", textOrNull],
  ["error_message", textOrNull],
  ["requested_model", text],
  ["response_id", textOrNull],
  ["provider", textOrNull],
  ["model", textOrNull],
  ["provider_key", textOrNull],
  ["virtual_key", textOrNull],
  ["team", textOrNull],
  ["customer", textOrNull],
  ["user", textOrNull],
  ["experiment", textOrNull],
  ["arm", textOrNull],
  ["input_tokens", numberOrNull],
  ["cached_input_tokens", numberOrNull],
  ["cache_write_tokens", numberOrNull],
  ["output_tokens", numberOrNull],
  ["reasoning_tokens", numberOrNull],
  ["cost_nano_usd", numberOrNull],
  ["duration_ms", number],
  ["first_content_ms", numberOrNull],
  ["attempts", objects],
  ["trace", objects],
  ["rule_faults", ruleFaults],
  ["route", routeOrNull],
  ["warnings", objects],
  ["classifications", listOrAbsent],
  ["charges", charges],
  ["snapshot", number],
  ["thread", number],
];

/**
 * The record on a journal line, or null when the line is no JSON object with an id and a time. Other fields that are
 * missing or of the wrong type take their neutral value, so that lines of other versions of the program, left over at
 * an upgrade, are not lost. Fields that this version does not know stay on the record.
 */
export function parseRecord(line: string): RequestRecord | null {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(fields) || !isId(fields["id"]) || !isNumber(fields["time"])) return null;
  for (const [name, check] of CHECKS) {
    const value = fields[name];
    const checked = check(value);
    if (checked !== value) fields[name] = checked;
  }
  return fields as unknown as RequestRecord;
}

/** A text that every store keeps as it is, so that a record which is read twice is known again. */
function isId(value: unknown): value is string {
  return isText(value) && value !== "" && value.isWellFormed() && !value.includes("\0");
}

function isRuleFault(value: unknown): value is RuleFault {
  return isObject(value) && isText(value["rule"]) && isText(value["scope"]) && isText(value["kind"]);
}

/** In whole numbers: the ledger, which reads the sums of charges back, counts in nothing else. */
function isCharge(value: unknown): value is Charge {
  if (!isObject(value) || !isText(value["counter"])) return false;
  return Number.isSafeInteger(value["period"]) && Number.isSafeInteger(value["amount"]);
}
