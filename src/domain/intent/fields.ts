import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { MOST_WARNINGS } from "../../canonical/warning.ts";
import type { ForeignGateway, RoutingIntent } from "./intent.ts";

const MAX_ENTRIES = 16;
/** As in the config. */
const MAX_NAME = 512;

/** Refuses a value with its place. */
export function refuse(param: string, wanted: string): never {
  throw new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

/** Says that a wish is not honoured here; a provider that knows the extension itself may do so. */
export function cannotHonour(intent: RoutingIntent, gateway: ForeignGateway, field: string, why: string): void {
  if (intent.unmet.length < MOST_WARNINGS) intent.unmet.push({ gateway, field, message: why });
}

/** A list of names; absent and null are none. */
export function namesAt(param: string, value: Json | undefined): string[] | null {
  if (value == null) return null;
  if (!Array.isArray(value)) return refuse(param, "a list of names");
  if (value.length > MAX_ENTRIES) return refuse(param, `at most ${MAX_ENTRIES} names`);
  return value.map((each, at) => nameAt(`${param}[${at}]`, each) ?? refuse(`${param}[${at}]`, "a name"));
}

/** A name; absent and null are none. */
export function nameAt(param: string, value: Json | undefined): string | null {
  if (value == null) return null;
  if (typeof value !== "string" || value === "" || value.length > MAX_NAME)
    return refuse(param, `a name of at most ${MAX_NAME} characters`);
  return value;
}

/** A flag, also as the text that headers carry; absent and null are none. */
export function flagAt(param: string, value: Json | undefined): boolean | null {
  if (value == null) return null;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  return refuse(param, "true or false");
}

/** A number within bounds, also as the text that headers carry; absent and null are none. */
export function numberAt(param: string, value: Json | undefined, least: number, most: number): number | null {
  if (value == null) return null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < least || number > most)
    return refuse(param, `a number from ${least} to ${most}`);
  return number;
}

/** An object; absent and null are none. */
export function objectAt(param: string, value: Json | undefined): JsonObject | null {
  if (value == null) return null;
  return isJsonObject(value) ? value : refuse(param, "an object");
}

/** A JSON object in a header; absent is none. */
export function jsonHeader(name: string, text: string | undefined): JsonObject | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // The same message as for JSON of another kind.
  }
  return refuse(name, "a JSON object");
}
