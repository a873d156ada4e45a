import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";

/** What a simulation is asked, checked. */
export interface SimulationQuestion {
  /** The request's body. */
  body: JsonObject;
  /** Where it would be posted; null: as `operation` and `dialect` say. */
  path: string | null;
  operation: string;
  dialect: string | null;
  headers: Headers;
  virtualKey: string | null;
  /** Unix milliseconds; null: now. */
  time: number | null;
  seed: number | null;
  draws: number;
  /** The version that must be in force; null: any. */
  snapshot: number | null;
}

const FIELDS: ReadonlySet<string> = new Set([
  "body",
  "dialect",
  "draws",
  "headers",
  "operation",
  "path",
  "request",
  "seed",
  "snapshot",
  "time",
  "virtual_key",
]);
export const MOST_DRAWS = 10_000;
const MOST_HEADERS = 200;
const MAX_TEXT = 2000;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Checks the body of a simulation; throws `invalid_request` with the field that is wrong. */
export function readQuestion(json: JsonObject): SimulationQuestion {
  for (const name of Object.keys(json)) if (!FIELDS.has(name)) refuse(name.slice(0, 100), "no such field");
  return {
    body: bodyOf(json),
    path: textAt(json, "path"),
    operation: textAt(json, "operation") ?? "chat",
    dialect: textAt(json, "dialect"),
    headers: headersOf(json["headers"]),
    virtualKey: textAt(json, "virtual_key"),
    time: timeOf(textAt(json, "time")),
    seed: integerAt(json, "seed", 0, 2 ** 32 - 1),
    draws: integerAt(json, "draws", 0, MOST_DRAWS) ?? 0,
    snapshot: integerAt(json, "snapshot", 0, Number.MAX_SAFE_INTEGER),
  };
}

function refuse(param: string, problem: string): never {
  throw new GatewayError("invalid_request", `${param}: ${problem}`, { param });
}

function bodyOf({ body, request }: JsonObject): JsonObject {
  if (body !== undefined && request !== undefined) return refuse("request", "stands for body: give one of them");
  const given = request ?? body;
  if (given === undefined) return refuse("request", "is required: the body of the request to decide on");
  return isJsonObject(given) ? given : refuse(request === undefined ? "body" : "request", "must be an object");
}

function textAt(json: JsonObject, name: string): string | null {
  const value = json[name];
  if (value == null) return null;
  if (typeof value !== "string" || value === "" || value.length > MAX_TEXT)
    return refuse(name, `must be a text of 1 to ${MAX_TEXT} characters`);
  return value;
}

function integerAt(json: JsonObject, name: string, least: number, most: number): number | null {
  const value = json[name];
  if (value == null) return null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
    return refuse(name, `must be a whole number from ${least} to ${most}`);
  return value;
}

function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const time = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return time >= 0 ? time : refuse("time", "must be an ISO 8601 time of 1970 or later, such as 2026-01-31T18:00:00Z");
}

function headersOf(value: Json | undefined): Headers {
  const headers = new Headers();
  if (value == null) return headers;
  if (!isJsonObject(value) || Object.keys(value).length > MOST_HEADERS)
    return refuse("headers", `must be an object of at most ${MOST_HEADERS} texts`);
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") return refuse("headers", `${JSON.stringify(name.slice(0, 100))} must be a text`);
    add(headers, name, text);
  }
  return headers;
}

function add(headers: Headers, name: string, text: string): void {
  try {
    headers.append(name, text);
  } catch {
    refuse("headers", `${JSON.stringify(name.slice(0, 100))} is no header, or its value is none`);
  }
}
