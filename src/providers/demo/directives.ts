import type { Json } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { isFaultName, type FaultName } from "./faults.ts";

/** What a request asks of the simulation itself. */
export interface Directives {
  latencyMs?: number;
  tokensPerSecond?: number;
  fail?: FaultName;
  /** The answer, word for word. */
  text?: string;
}

const MAX_LATENCY_MS = 60_000;
const MAX_TOKENS_PER_SECOND = 100_000;
const MAX_TEXT = 200_000;
const MARK = /\[demo((?:\s+[a-z_]+=(?:"[^"]{0,2000}"|[^\s\]"]{1,200})){1,8})\s*\]/;

/**
 * Reads directives: a field `demo` of the body, a header `x-demo` (`fail=500 latency_ms=200`), a mark in the last user message
 * (`[demo fail=500 latency_ms=200]`); the first that names a thing decides it. Numbers are brought within bounds; what is not
 * understood is passed over.
 */
export function readDirectives(body: Json | undefined, header: string | null, lastText: string): Directives {
  const mark = MARK.exec(lastText)?.[1];
  return {
    ...(mark !== undefined && readFields(parsePairs(mark))),
    ...(header !== null && readFields(parsePairs(header.slice(0, 1000)))),
    ...(isJsonObject(body) && readFields(body)),
  };
}

/** A message without its mark, so that the answer does not repeat it. */
export function withoutMark(text: string): string {
  return text.replace(MARK, "").trim();
}

function parsePairs(text: string): Record<string, Json> {
  const pairs = text.matchAll(/([a-z_]+)=(?:"([^"]*)"|(\S+))/g);
  return Object.fromEntries([...pairs].map(([, key, quoted, plain]) => [key ?? "", quoted ?? plain ?? ""]));
}

function readFields(fields: Record<string, Json | undefined>): Directives {
  const read: Directives = {};
  const latencyMs = readNumber(fields["latency_ms"], 0, MAX_LATENCY_MS);
  const tokensPerSecond = readNumber(fields["tokens_per_second"], 1, MAX_TOKENS_PER_SECOND);
  const fail = fields["fail"];
  const text = fields["text"];
  if (latencyMs !== undefined) read.latencyMs = latencyMs;
  if (tokensPerSecond !== undefined) read.tokensPerSecond = tokensPerSecond;
  if ((typeof fail === "string" || typeof fail === "number") && isFaultName(String(fail)))
    read.fail = String(fail) as FaultName;
  if (typeof text === "string") read.text = text.slice(0, MAX_TEXT);
  return read;
}

function readNumber(value: Json | undefined, least: number, most: number): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return Math.min(most, Math.max(least, number));
}
