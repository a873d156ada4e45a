import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { predictPath, TASK_TYPES } from "./wire.ts";

/** Writes a request for `predict`, or for `embedContent` where the target says so. */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  warnLost(request, target);
  const texts = request.inputs.map(textOf);
  const json = target.flags.embedContent === true ? contentBody(request, texts) : predictBody(request, texts);
  return { path: predictPath(target.model), body: { json }, headers: {} };
}

function predictBody(request: EmbeddingsRequest, texts: readonly string[]): JsonObject {
  const { purpose, title } = request;
  const shared = {
    ...(purpose !== undefined && { task_type: TASK_TYPES[purpose] }),
    ...(title !== undefined && { title }),
  };
  const body: JsonObject = { instances: texts.map((content) => ({ content, ...shared })) };
  const parameters = { ...request.extensions.vertex, ...parametersOf(request) };
  if (Object.keys(parameters).length > 0) body["parameters"] = parameters;
  return body;
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.publishers.models/embedContent */
function contentBody(request: EmbeddingsRequest, texts: readonly string[]): JsonObject {
  const [text = "", ...more] = texts;
  if (more.length > 0)
    throw new GatewayError("unsupported_operation", "this model embeds one input a call", { param: "input" });
  const { purpose, title } = request;
  const config: JsonObject = { ...request.extensions.vertex, ...parametersOf(request) };
  if (purpose !== undefined) config["taskType"] = TASK_TYPES[purpose];
  if (title !== undefined) config["title"] = title;
  const body: JsonObject = { content: { parts: [{ text }] } };
  if (Object.keys(config).length > 0) body["embedContentConfig"] = config;
  return body;
}

function parametersOf({ dimensions, truncate }: EmbeddingsRequest): JsonObject {
  const parameters: JsonObject = {};
  if (dimensions !== undefined) parameters["outputDimensionality"] = dimensions;
  if (truncate === "none" || truncate === "end") parameters["autoTruncate"] = truncate === "end";
  return parameters;
}

function textOf(input: EmbeddingInput, at: number): string {
  if (input.type === "text") return input.text;
  const [only, ...more] = input.type === "parts" ? input.parts : [];
  if (only?.type === "text" && more.length === 0) return only.text;
  const what = input.type === "tokens" ? "token ids" : "media";
  throw new GatewayError("unsupported_operation", `input ${at} holds ${what}, which this provider does not embed`);
}

function warnLost(request: EmbeddingsRequest, { warnings }: TargetContext): void {
  const { truncate, encodings, endUser } = request;
  warnLeftOut(warnings, request, "vertex", [
    ["truncate", truncate === "start"],
    ["encodings", encodings?.some((each) => each !== "float" && each !== "base64") === true],
    ["user", endUser !== undefined],
  ]);
}
