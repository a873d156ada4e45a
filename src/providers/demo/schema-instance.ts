import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { pick, type Draw } from "./seed.ts";

/** What an instance is made with. */
interface Making {
  root: JsonObject;
  draw: Draw;
  /** Fills in for free text, such as a search query. */
  prompt: string;
  /** Values left to make: a schema that refers to itself must end. Below zero only what is required is made. */
  budget: number;
}

const MAX_DEPTH = 12;
const MAX_VALUES = 500;
/** A schema may require itself many times over: from here on nothing is made any more. */
const EXHAUSTED = -2000;

/**
 * A value that a JSON Schema allows: types, required and optional properties, enums, constants, defaults, references, unions,
 * bounds of numbers, strings and arrays, common formats. Patterns are not looked at.
 */
export function instanceOf(schema: JsonObject, prompt: string, draw: Draw): Json {
  return make(schema, "value", { root: schema, draw, prompt, budget: MAX_VALUES }, 0);
}

function make(schema: Json | undefined, name: string, making: Making, depth: number): Json {
  making.budget -= 1;
  if (making.budget < EXHAUSTED) return null;
  if (!isJsonObject(schema)) return textFor(name, {}, making);
  const resolved = resolve(schema, making, depth);
  const stated = statedValue(resolved, making);
  if (stated !== undefined) return stated;
  const union = resolved["anyOf"] ?? resolved["oneOf"];
  if (Array.isArray(union)) return make(simplest(union, depth), name, making, depth + 1);
  return makers[typeOf(resolved)]?.(resolved, name, making, depth) ?? null;
}

/** Follows references and lays `allOf` together. */
function resolve(schema: JsonObject, making: Making, depth: number): JsonObject {
  let found = schema;
  for (let step = 0; typeof found["$ref"] === "string" && step < MAX_DEPTH; step += 1) {
    const { $ref, ...rest } = found;
    found = { ...lookUp(making.root, $ref), ...rest };
  }
  const all = found["allOf"];
  making.budget -= 1;
  if (!Array.isArray(all) || depth > MAX_DEPTH || making.budget < EXHAUSTED) return found;
  return all.filter(isJsonObject).reduce((sum, part) => merge(sum, resolve(part, making, depth + 1)), found);
}

function lookUp(root: JsonObject, reference: string): JsonObject {
  let found: Json | undefined = root;
  for (const step of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return isJsonObject(found) ? found : {};
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...asObject(one["properties"]), ...asObject(other["properties"]) };
  const required = [...asList(one["required"]), ...asList(other["required"])];
  return { ...one, ...other, properties, required };
}

const asObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

function statedValue(schema: JsonObject, making: Making): Json | undefined {
  if (schema["const"] !== undefined) return schema["const"];
  const choices = asList(schema["enum"]);
  if (choices.length > 0) return pick(making.draw, choices, null);
  return schema["default"] ?? asList(schema["examples"])[0];
}

/** Deep down, a union ends in what holds no further values. */
function simplest(union: Json[], depth: number): Json | undefined {
  if (depth < 4) return union.find((each) => !isJsonObject(each) || each["type"] !== "null") ?? union[0];
  return (
    union.find((each) => isJsonObject(each) && each["type"] !== "object" && each["$ref"] === undefined) ?? union[0]
  );
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  const listed = asList(type).find((each) => each !== "null");
  if (typeof listed === "string") return listed;
  if (schema["properties"] !== undefined) return "object";
  return schema["items"] === undefined ? "string" : "array";
}

type Maker = (schema: JsonObject, name: string, making: Making, depth: number) => Json;

const makers: Record<string, Maker | undefined> = {
  object: makeObject,
  array: makeArray,
  string: (schema, name, making) => textFor(name, schema, making),
  number: (schema, _name, making) => numberWithin(schema, making, false),
  integer: (schema, _name, making) => numberWithin(schema, making, true),
  boolean: (_schema, _name, making) => making.draw() < 0.5,
};

function makeObject(schema: JsonObject, _name: string, making: Making, depth: number): Json {
  const required = new Set(asList(schema["required"]));
  const made: JsonObject = Object.create(null) as JsonObject;
  for (const [name, property] of Object.entries(asObject(schema["properties"]))) {
    const wanted = required.has(name) || (depth < MAX_DEPTH / 2 && making.budget > 0);
    if (wanted && depth <= MAX_DEPTH * 4) made[name] = make(property, name, making, depth + 1);
  }
  return made;
}

function makeArray(schema: JsonObject, name: string, making: Making, depth: number): Json {
  const least = boundOf(schema["minItems"], 0);
  const most = Math.min(boundOf(schema["maxItems"], 20), 20);
  const wanted = depth > MAX_DEPTH / 2 || making.budget <= 0 ? least : Math.max(least, 2);
  const fixed = asList(schema["prefixItems"]);
  const length = Math.max(Math.min(wanted, most), Math.min(fixed.length, most));
  return Array.from({ length }, (_, at) => make(fixed[at] ?? schema["items"], name, making, depth + 1));
}

function boundOf(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? Math.min(value, 1000) : otherwise;
}

function numberWithin(schema: JsonObject, making: Making, whole: boolean): number {
  const unit =
    typeof schema["multipleOf"] === "number" && schema["multipleOf"] > 0 ? schema["multipleOf"] : whole ? 1 : 0.5;
  const least = lowest(schema, unit);
  const most = highest(schema, unit, Math.max(least ?? 0, 0) + 100 * unit);
  const from = least ?? Math.min(0, most);
  const steps = Math.max(0, Math.floor((most - from) / unit));
  const first = Math.ceil(from / unit);
  return Number(((first + Math.floor(making.draw() * (Math.min(steps, 100) + 1))) * unit).toPrecision(12));
}

function lowest(schema: JsonObject, unit: number): number | undefined {
  const { minimum, exclusiveMinimum } = schema;
  if (typeof exclusiveMinimum === "number") return (Math.floor(exclusiveMinimum / unit) + 1) * unit;
  return typeof minimum === "number" ? Math.ceil(minimum / unit) * unit : undefined;
}

function highest(schema: JsonObject, unit: number, otherwise: number): number {
  const { maximum, exclusiveMaximum } = schema;
  if (typeof exclusiveMaximum === "number") return (Math.ceil(exclusiveMaximum / unit) - 1) * unit;
  return typeof maximum === "number" ? maximum : otherwise;
}

const FORMATS: Record<string, string> = {
  date: "2026-01-15",
  "date-time": "2026-01-15T10:30:00Z",
  time: "10:30:00Z",
  duration: "PT15M",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/demo",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
};

/** Text by what a property is called. */
const NAMED: [RegExp, readonly string[]][] = [
  [/city|location|place|destination/i, ["Paris", "Lisbon", "Nairobi", "Kyoto"]],
  [/country/i, ["France", "Portugal", "Kenya", "Japan"]],
  [/mail/i, ["ada@example.com", "grace@example.com"]],
  [/date|day/i, ["2026-01-15", "2026-03-21"]],
  [/unit/i, ["celsius"]],
  [/currency/i, ["USD", "EUR"]],
  [/colou?r/i, ["green", "blue", "orange"]],
  [/url|link/i, ["https://example.com/demo"]],
  [/(?:^|_)id$/i, ["demo-1", "demo-2"]],
  [/name|author|person|user/i, ["Ada Lovelace", "Grace Hopper", "Alan Turing"]],
];

const FREE_TEXT = /query|question|prompt|text|input|message|search|content|description|summary|answer|reason/i;

function textFor(name: string, schema: JsonObject, making: Making): string {
  const { format } = schema;
  const formatted = typeof format === "string" && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return formatted ?? fit(freeText(name, making), schema);
}

function freeText(name: string, making: Making): string {
  const named = NAMED.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined) return pick(making.draw, named, "demo");
  return FREE_TEXT.test(name) && making.prompt !== "" ? making.prompt.slice(0, 200) : `demo ${name.slice(0, 40)}`;
}

function fit(text: string, schema: JsonObject): string {
  const longest = typeof schema["maxLength"] === "number" ? Math.max(0, schema["maxLength"]) : text.length + 1000;
  const padded = text.padEnd(boundOf(schema["minLength"], 0), ".");
  return Array.from(padded).slice(0, longest).join("");
}
