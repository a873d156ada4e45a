import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { addWarning } from "../../../canonical/warning.ts";
import { purposeOf } from "./wire.ts";

/** Reads `{instances, parameters}`; further parameters go to `extensions`. */
export function decodeRequest({ body, pathModel }: TaskWire): EmbeddingsRequest {
  const instances = instancesOf(body["instances"]);
  const request: EmbeddingsRequest = {
    model: pathModel ?? "",
    stream: false,
    inputs: instances.map((instance, at) => ({ type: "text", text: contentOf(instance, at) })),
    isSingle: false,
    extensions: {},
    warnings: [],
  };
  if (request.model === "") throw invalid("model", "named by the path");
  decodeShared(instances, request);
  decodeParameters(body["parameters"], request);
  return request;
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

function instancesOf(value: Json | undefined): JsonObject[] {
  const list = Array.isArray(value) ? value : [];
  if (list.length === 0 || !list.every(isJsonObject)) throw invalid("instances", "a list of objects with content");
  return list;
}

function contentOf({ content }: JsonObject, at: number): string {
  if (typeof content === "string") return content;
  throw invalid(`instances[${at}].content`, "a text");
}

/** Each instance may have a task type and a title of its own; canonical has one of each for all. */
function decodeShared(instances: readonly JsonObject[], request: EmbeddingsRequest): void {
  const [first] = instances;
  for (const field of ["task_type", "title"] as const) {
    const value = first?.[field];
    if (instances.some((instance) => instance[field] !== value)) warnLost(request, `instances.${field}`);
    if (typeof value !== "string") continue;
    const purpose = purposeOf(value);
    if (field === "title") request.title = value;
    else if (purpose !== undefined) request.purpose = purpose;
    else warnLost(request, `instances.${field}`);
  }
}

function warnLost({ warnings }: EmbeddingsRequest, field: string): void {
  addWarning(warnings, { code: "unsupported_field", field, message: "only a relayed request keeps it" });
}

function decodeParameters(parameters: Json | undefined, request: EmbeddingsRequest): void {
  if (!isJsonObject(parameters)) return;
  const { outputDimensionality: dimensions, autoTruncate, ...rest } = parameters;
  if (typeof dimensions === "number") request.dimensions = dimensions;
  if (typeof autoTruncate === "boolean") request.truncate = autoTruncate ? "end" : "none";
  if (Object.keys(rest).length > 0) request.extensions.vertex = rest;
}
