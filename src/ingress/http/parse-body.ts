import { isUtf8 } from "node:buffer";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel, type ScanResult } from "../../lib/json-scan.ts";
import { exceedsValues } from "../../lib/json-values.ts";
import { othersServed } from "../../lib/others-served.ts";
import { StepwiseJson, type StepOutcome } from "../../lib/stepwise-json/stepwise-json.ts";
import { IN_STEPS } from "../../pipeline/write-in-steps.ts";

/** Deeper nesting than this is refused: no API needs it, and code that walks it would overflow the stack. */
const MAX_DEPTH = 200;
/** So are more values than this, however small: a million of them would hold up everybody else's requests for seconds. */
const MAX_VALUES = 200_000;
/** And a longer number than any in a body that is parsed at once: a parser cannot be interrupted in it. */
const MAX_NUMBER = IN_STEPS;

const REFUSALS: Readonly<Record<Exclude<StepOutcome, "more" | "done">, string>> = {
  too_deep: `the body nests deeper than ${MAX_DEPTH} levels`,
  too_many_values: `the body holds more than ${MAX_VALUES} values`,
  too_long_number: `the body holds a number of more than ${MAX_NUMBER} characters`,
};

/** Parses a JSON object; throws a `GatewayError` that says what is wrong with anything else. */
export function parseBody(bytes: Uint8Array): RawBody | Promise<RawBody> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.byteLength === 0) throw new GatewayError("invalid_json", "the body is empty; a JSON object is needed");
  if (buffer.byteLength >= IN_STEPS) return parseInSteps(buffer);
  const text = textOf(buffer);
  checkValues(text);
  const scan = scanOf(text);
  return { text, json: jsonOf(text), scan, form: null };
}

async function parseInSteps(buffer: Buffer): Promise<RawBody> {
  const text = textOf(buffer);
  if (!/^\s*\{/.test(text)) throw noObject();
  const parser = new StepwiseJson(text, { depth: MAX_DEPTH, values: MAX_VALUES, numberLength: MAX_NUMBER });
  let outcome: StepOutcome;
  do {
    await othersServed();
    outcome = orInvalid(() => parser.step());
  } while (outcome === "more");
  if (outcome !== "done") throw new GatewayError("invalid_json", REFUSALS[outcome]);
  return { text, json: parser.json as JsonObject, scan: parser.scan, form: null };
}

function textOf(buffer: Buffer): string {
  if (!isUtf8(buffer)) throw new GatewayError("invalid_json", "the body is not valid UTF-8");
  return buffer.toString("utf8", startOf(buffer));
}

/** Past a byte order mark, which JSON parsers may ignore (RFC 8259, 8.1). */
function startOf(buffer: Buffer): number {
  return buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0;
}

function checkValues(text: string): void {
  if (!exceedsValues(text, MAX_VALUES)) return;
  throw new GatewayError("invalid_json", REFUSALS.too_many_values);
}

/** Comes before the parser, which takes seconds and gigabytes for what nests without end. */
function scanOf(text: string): ScanResult {
  const scan = orInvalid(() => scanTopLevel(text, { maxDepth: MAX_DEPTH }));
  if (scan.tooDeep) throw new GatewayError("invalid_json", REFUSALS.too_deep);
  return scan;
}

function jsonOf(text: string): JsonObject {
  const json: unknown = orInvalid(() => JSON.parse(text));
  if (!isJsonObject(json)) throw noObject();
  return json;
}

function noObject(): GatewayError {
  return new GatewayError("invalid_json", "the body must be a JSON object");
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new GatewayError("invalid_json", `the body is not valid JSON: ${reason}`);
  }
}
