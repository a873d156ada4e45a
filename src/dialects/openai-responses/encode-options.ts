import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ResponseFormat } from "../../canonical/request.ts";
import { wantedEffort } from "../../canonical/wanted-effort.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { isEmpty } from "./wire.ts";

/** Encodes `text` over the fields of it that the request kept; undefined when there is nothing to say. */
export function encodeText(request: ChatRequest, kept: Json | undefined): Json | undefined {
  if (kept === null)
    return request.responseFormat === undefined && request.verbosity === undefined ? null : textOf(request, {});
  const fields = isJsonObject(kept) ? kept : {};
  const text = textOf(request, fields);
  return isEmpty(text) && kept === undefined ? undefined : text;
}

function textOf(request: ChatRequest, fields: JsonObject): JsonObject {
  const text: JsonObject = { ...fields };
  if (request.responseFormat !== undefined) {
    text.format = { ...(isJsonObject(fields.format) ? fields.format : {}), ...encodeFormat(request.responseFormat) };
  }
  if (request.verbosity !== undefined) text.verbosity = request.verbosity;
  return text;
}

/** The API requires a name for a schema. */
function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type !== "json_schema") return { type: format.type };
  const { name, description, schema, strict } = format;
  return {
    type: "json_schema",
    name: name ?? "response",
    schema,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

/** Encodes `reasoning` over the fields of it that the request kept; undefined when there is nothing to say. */
export function encodeReasoningOptions(encoding: RequestEncoding, kept: Json | undefined): Json | undefined {
  const { reasoning } = encoding.request;
  if (reasoning === undefined) return undefined;
  const wire: JsonObject = isJsonObject(kept) ? { ...kept } : {};
  const effort = wantedEffort(reasoning, encoding.warnings);
  if (effort !== undefined) wire.effort = effort;
  const known = wire.generate_summary !== undefined;
  if (reasoning.summary !== undefined && reasoning.summary !== "none" && !known) wire.summary = reasoning.summary;
  return isEmpty(wire) ? undefined : wire;
}
