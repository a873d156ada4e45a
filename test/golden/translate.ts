import type { JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { ChatRequest } from "../../src/canonical/request.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { dialectNamed } from "./pairs.ts";

/** A request as it would reach a provider. */
export interface Translated {
  body: JsonObject;
  headers: Record<string, string>;
  warnings: Warning[];
}

/** Decodes a client's request. */
export function decodeWire(client: ChatDialect, wire: JsonObject): ChatRequest {
  const body = structuredClone(wire);
  const dialect = dialectNamed(client);
  if (dialect.modelInBody) body["model"] = "client-model";
  const path = dialect.modelInBody ? {} : { pathModel: "client-model", pathStream: false };
  return dialect.decodeRequest({ body, ...path });
}

/** Encodes a decoded request for a provider. */
export function encodeFor(provider: ChatDialect, request: ChatRequest, model: string): Translated {
  const warnings: Warning[] = [...request.warnings];
  const target = { model, warnings, flags: {}, maxOutputTokens: 32_000 };
  const { body, headers } = dialectNamed(provider).encodeRequest({ ...request, model }, target);
  return { body: JSON.parse(JSON.stringify(body)), headers, warnings };
}

/** Decodes a client's request and encodes it for a provider of another (or the same) dialect. */
export function translateRequest(
  client: ChatDialect,
  provider: ChatDialect,
  wire: JsonObject,
  model: string,
): Translated {
  return encodeFor(provider, decodeWire(client, wire), model);
}

/** All scalar values within a JSON value, texts split at data URLs' commas. */
export function scalarsOf(value: unknown, into: Set<unknown> = new Set()): Set<unknown> {
  if (Array.isArray(value)) for (const each of value) scalarsOf(each, into);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) scalarsOf(each, into.add(key));
  } else into.add(value);
  return into;
}

/** True when a value stands in the JSON: numbers and flags as they are, texts also within others. */
export function holds(json: unknown, fact: string | number | boolean): boolean {
  const scalars = scalarsOf(json);
  if (scalars.has(fact)) return true;
  if (typeof fact !== "string") return false;
  return [...scalars].some((scalar) => typeof scalar === "string" && scalar.includes(fact));
}
