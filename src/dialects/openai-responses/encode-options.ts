import { fitFormat } from "../../canonical/gpt/fit-format.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Effort, ResponseFormat } from "../../canonical/request.ts";
import { nearestEffort } from "../../canonical/nearest-effort.ts";
import { wantedEffort } from "../../canonical/wanted-effort.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { isReasoningWanted, warn } from "./request-encoding.ts";
import { isEmpty, listOf } from "./wire.ts";

/**
 * The request with a format that the target takes; what its model has to be told instead is put before `body.input`.
 */
export function withFittingFormat(encoding: RequestEncoding, body: JsonObject): ChatRequest {
  const { request, gpt } = encoding;
  if (gpt === undefined || request.responseFormat === undefined) return request;
  const { format, instruction } = fitFormat(request.responseFormat, body.input);
  if (instruction === undefined) return request;
  warn(encoding, "changed_field", "response_format", "the model was told of the format in a message");
  body.input = [{ role: "system", content: [{ type: "input_text", text: instruction }] }, ...listOf(body.input)];
  const { responseFormat: _asked, ...rest } = request;
  return format === undefined ? rest : { ...rest, responseFormat: format };
}

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
  if (encoding.gpt?.reasons === false) return noteLeftOut(encoding);
  const wire: JsonObject = isJsonObject(kept) ? { ...kept } : {};
  const effort = wantedEffort(reasoning, encoding.warnings);
  if (effort !== undefined) wire.effort = fitEffort(effort, encoding);
  const known = wire.generate_summary !== undefined;
  if (reasoning.summary !== undefined && reasoning.summary !== "none" && !known) wire.summary = reasoning.summary;
  return isEmpty(wire) ? undefined : wire;
}

/** Models that do not reason refuse every field about it; to switch it off says nothing there. */
function noteLeftOut(encoding: RequestEncoding): undefined {
  if (!isReasoningWanted(encoding.request)) return;
  warn(encoding, "unsupported_field", "reasoning", "the model does not reason");
}

/** The API answers 400 to an effort that the model does not have. Where reasoning cannot be switched off, the least is nearest. */
function fitEffort(effort: Effort, encoding: RequestEncoding): Effort {
  const efforts = encoding.gpt?.efforts ?? [];
  const found = efforts.length === 0 ? effort : nearestEffort(effort, efforts);
  if (found === effort) return effort;
  warn(encoding, "changed_field", "reasoning.effort", `the model takes ${efforts.join(", ")}: ${found} was sent`);
  return found;
}
