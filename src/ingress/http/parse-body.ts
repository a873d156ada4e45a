import { isUtf8 } from "node:buffer";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel, type ScanResult } from "../../lib/json-scan.ts";
import { exceedsValues } from "../../lib/json-values.ts";

/** Deeper nesting than this is refused: no API needs it, and code that walks it would overflow the stack. */
const MAX_DEPTH = 200;
/** So are more values than this, however small: a million of them would hold up everybody else's requests for seconds. */
const MAX_VALUES = 200_000;
/** And more backslashes in all: escapes are what takes a parser longest, and it cannot be interrupted. */
const MAX_BACKSLASHES = 2_000_000;
/** Bodies of so many bytes are parsed in steps, and other requests served in between. */
const IN_STEPS = 1024 * 1024;
/** Bytes that are counted in one step. */
const SLICE = 4 * 1024 * 1024;
const BACKSLASH = 92;

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
  await checkBackslashes(buffer);
  const text = textOf(buffer);
  await othersServed();
  checkValues(text);
  await othersServed();
  const scan = scanOf(text);
  await othersServed();
  const json = jsonOf(text);
  await othersServed();
  return { text, json, scan, form: null };
}

/** Resolves once the thread has looked at what else there is to do. */
function othersServed(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function checkBackslashes(buffer: Buffer): Promise<void> {
  let count = 0;
  for (let start = 0; start < buffer.byteLength; start += SLICE) {
    count += backslashesOf(buffer, start, Math.min(start + SLICE, buffer.byteLength));
    if (count > MAX_BACKSLASHES) {
      throw new GatewayError("invalid_json", `the body holds more than ${MAX_BACKSLASHES} backslashes`);
    }
    await othersServed();
  }
}

function backslashesOf(buffer: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (buffer[at] === BACKSLASH) count += 1;
  return count;
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
  throw new GatewayError("invalid_json", `the body holds more than ${MAX_VALUES} values`);
}

/** Comes before the parser, which takes seconds and gigabytes for what nests without end. */
function scanOf(text: string): ScanResult {
  const scan = orInvalid(() => scanTopLevel(text, { maxDepth: MAX_DEPTH }));
  if (scan.tooDeep) throw new GatewayError("invalid_json", `the body nests deeper than ${MAX_DEPTH} levels`);
  return scan;
}

function jsonOf(text: string): JsonObject {
  const json: unknown = orInvalid(() => JSON.parse(text));
  if (!isJsonObject(json)) throw new GatewayError("invalid_json", "the body must be a JSON object");
  return json;
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new GatewayError("invalid_json", `the body is not valid JSON: ${reason}`);
  }
}
