import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions, ResponseFormat } from "../../canonical/request.ts";
import { fieldsBeyond } from "./own-fields.ts";

type Effort = NonNullable<ReasoningOptions["effort"]>;
type Summary = NonNullable<ReasoningOptions["summary"]>;
type Verbosity = NonNullable<ChatRequest["verbosity"]>;

const EFFORTS: ReadonlyMap<unknown, Effort> = words("none", "minimal", "low", "medium", "high", "xhigh", "max");
const SUMMARIES: ReadonlyMap<unknown, Summary> = words("auto", "concise", "detailed");
const VERBOSITIES: ReadonlyMap<unknown, Verbosity> = words("low", "medium", "high");

function words<T extends string>(...list: T[]): ReadonlyMap<unknown, T> {
  return new Map(list.map((word) => [word, word]));
}

function objectField(value: Json, param: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new GatewayError("invalid_request", `'${param}' must be an object`, { param });
}

/** Decodes `reasoning`; returns what of it the canonical form does not name (`context`, `mode`, new words, …). */
export function decodeReasoning(request: ChatRequest, value: Json): Json | undefined {
  const wire = objectField(value, "reasoning");
  const options: ReasoningOptions = {};
  const taken = new Set<string>();
  const effort = EFFORTS.get(wire.effort);
  if (effort !== undefined) {
    options.effort = effort;
    taken.add("effort");
  }
  const summary = SUMMARIES.get(wire.summary);
  if (summary !== undefined) {
    options.summary = summary;
    taken.add("summary");
  }
  readOldSummary(wire, options);
  if (options.effort !== undefined || options.summary !== undefined) request.reasoning = options;
  return restOf(wire, taken);
}

/** `generate_summary` is the deprecated name of `summary`. */
function readOldSummary(wire: JsonObject, options: ReasoningOptions): void {
  const summary = SUMMARIES.get(wire.generate_summary);
  if (summary !== undefined && options.summary === undefined && wire.summary === undefined) options.summary = summary;
}

/** What is left of an object; an object that came without fields goes back as such. */
function restOf(wire: JsonObject, taken: Set<string>): JsonObject | undefined {
  return taken.size === 0 ? wire : fieldsBeyond(wire, taken);
}

/** Decodes `text`: the response format and the verbosity; returns what of it the canonical form does not name. */
export function decodeText(request: ChatRequest, value: Json): Json | undefined {
  const wire = objectField(value, "text");
  const taken = new Set<string>();
  const verbosity = VERBOSITIES.get(wire.verbosity);
  if (verbosity !== undefined) {
    request.verbosity = verbosity;
    taken.add("verbosity");
  }
  if (!isJsonObject(wire.format)) return restOf(wire, taken);
  const formatTaken = new Set(["type"]);
  const format = decodeFormat(wire.format, formatTaken);
  if (format === undefined) return restOf(wire, taken);
  request.responseFormat = format;
  taken.add("format");
  const formatRest = fieldsBeyond(wire.format, formatTaken);
  const rest = fieldsBeyond(wire, taken);
  return formatRest === undefined ? rest : { ...rest, format: formatRest };
}

function decodeFormat(wire: JsonObject, taken: Set<string>): ResponseFormat | undefined {
  if (wire.type === "text" || wire.type === "json_object") return { type: wire.type };
  if (wire.type !== "json_schema" || !isJsonObject(wire.schema)) return undefined;
  const format: ResponseFormat = { type: "json_schema", schema: wire.schema };
  taken.add("schema");
  for (const key of ["name", "description"] as const) {
    const text = wire[key];
    if (typeof text !== "string") continue;
    format[key] = text;
    taken.add(key);
  }
  if (typeof wire.strict === "boolean") {
    format.strict = wire.strict;
    taken.add("strict");
  }
  return format;
}
