import type { Json, JsonObject } from "./json.ts";
import { isJsonObject, objectOf } from "./json.ts";

const UNIONS = ["anyOf", "oneOf", "allOf"] as const;

/**
 * The schema of a tool's arguments as Anthropic and OpenAI take it. They want an object at the top, without a union there:
 * the variants of one are laid over each other, so that every argument stays known and only those that each variant demands
 * stay required. `changed` says whether a union had to go.
 */
export function encodeToolSchema(parameters: JsonObject | undefined): { schema: JsonObject; changed: boolean } {
  if (parameters === undefined) return { schema: { type: "object", properties: {} }, changed: false };
  if (!UNIONS.some((name) => Array.isArray(parameters[name]))) {
    return { schema: parameters["type"] === "object" ? parameters : { ...parameters, type: "object" }, changed: false };
  }
  return { schema: flatten(parameters), changed: true };
}

function flatten(parameters: JsonObject): JsonObject {
  const { anyOf, oneOf, allOf, ...rest } = parameters;
  const choices = objectsIn(anyOf ?? oneOf);
  const all = objectsIn(allOf);
  const variants = [...choices, ...all];
  const properties = Object.fromEntries(
    [rest, ...variants].flatMap((variant) => Object.entries(objectOf(variant["properties"]))),
  );
  const required = new Set([rest, ...all].flatMap((variant) => namesOf(variant["required"])));
  for (const name of demandedByAll(choices)) required.add(name);
  return { ...rest, type: "object", properties, ...(required.size > 0 && { required: [...required] }) };
}

function demandedByAll(choices: readonly JsonObject[]): Set<string> {
  const [first, ...others] = choices.map((choice) => new Set(namesOf(choice["required"])));
  return others.reduce((left, names) => left.intersection(names), first ?? new Set<string>());
}

function namesOf(value: Json | undefined): string[] {
  return Array.isArray(value) && !isJsonObject(value) ? value.filter((name) => typeof name === "string") : [];
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
