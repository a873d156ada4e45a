import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { Part } from "../../../canonical/content.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { addWarning } from "../../../canonical/warning.ts";
import { decodeMedia } from "../decode-media.ts";
import { camelFields, readList, readNumber, readString, restOf } from "../read.ts";
import { PART_FIELDS } from "../wire.ts";

const FIELDS = new Set(["model", "content", "taskType", "title", "outputDimensionality", "requests"]);

/** The models that a body names, under a key that no field of the wire has: a relay must not send one for another. */
export const MODELS_KEY = "trunkline:models";

/** https://ai.google.dev/api/embeddings#v1beta.TaskType */
const PURPOSES: Readonly<Record<string, EmbeddingPurpose>> = {
  RETRIEVAL_QUERY: "query",
  RETRIEVAL_DOCUMENT: "document",
  SEMANTIC_SIMILARITY: "similarity",
  CLASSIFICATION: "classification",
  CLUSTERING: "clustering",
  QUESTION_ANSWERING: "question_answering",
  FACT_VERIFICATION: "fact_verification",
  CODE_RETRIEVAL_QUERY: "code_query",
};

/** Reads a body of `embedContent`, or of `batchEmbedContents`, whose requests are taken to differ in their contents only. */
export function decodeRequest({ body, pathModel }: TaskWire): EmbeddingsRequest {
  const wire = camelFields(body, FIELDS);
  const batch = readList(wire, "requests");
  const requests = (batch ?? [wire]).map((request, at) => requestOf(request, at));
  const [first] = requests;
  if (first === undefined) throw invalid("requests", "must be a list with at least one request");
  const request: EmbeddingsRequest = {
    model: bareName(pathModel ?? readString(first, "model") ?? ""),
    stream: false,
    inputs: requests.map((each, at) =>
      inputOf(each["content"], batch === undefined ? "content" : `requests[${at}].content`),
    ),
    isSingle: batch === undefined,
    extensions: { gemini: extensionsOf(first, requests) },
    warnings: [],
  };
  decodeOptions(first, request);
  if (requests.some((each) => !isAlike(each, first))) {
    const message = "the settings of the first request were taken for all of them";
    addWarning(request.warnings, { code: "changed_field", field: "requests", message });
  }
  return request;
}

function requestOf(value: Json, at: number): JsonObject {
  if (!isJsonObject(value)) throw invalid(`requests[${at}]`, "must be an object");
  return camelFields(value, FIELDS);
}

function extensionsOf(first: JsonObject, requests: readonly JsonObject[]): JsonObject {
  const models = requests.flatMap((each) => readString(each, "model") ?? []);
  return { ...restOf(first, FIELDS), ...(models.length > 0 && { [MODELS_KEY]: [...new Set(models)] }) };
}

function isAlike(one: JsonObject, other: JsonObject): boolean {
  return ["taskType", "title", "outputDimensionality"].every((key) => one[key] === other[key]);
}

function decodeOptions(wire: JsonObject, request: EmbeddingsRequest): void {
  const type = readString(wire, "taskType") ?? "";
  const purpose = Object.hasOwn(PURPOSES, type) ? PURPOSES[type] : undefined;
  const title = readString(wire, "title");
  const dimensions = readNumber(wire, "outputDimensionality");
  if (purpose !== undefined) request.purpose = purpose;
  if (title !== undefined) request.title = title;
  if (dimensions !== undefined) request.dimensions = dimensions;
}

/** A content of texts alone is one text. */
function inputOf(content: Json | undefined, place: string): EmbeddingInput {
  const parts = isJsonObject(content) ? readList(content, "parts") : undefined;
  if (parts === undefined) throw invalid(place, "must be a content with parts");
  const decoded = parts.map((part, at) => partOf(part, `${place}.parts[${at}]`));
  const texts = decoded.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length < decoded.length) return { type: "parts", parts: decoded };
  return { type: "text", text: texts.join("\n") };
}

function partOf(value: Json, place: string): Part {
  const part = isJsonObject(value) ? camelFields(value, PART_FIELDS) : {};
  const text = readString(part, "text");
  const decoded: Part | undefined = text === undefined ? decodeMedia(part) : { type: "text", text };
  if (decoded === undefined) throw invalid(place, "must be a text, or inline or file data");
  return decoded;
}

/** A model's id without the collection that it stands in. */
export function bareName(model: string): string {
  return model.startsWith("models/") ? model.slice("models/".length) : model;
}

function invalid(param: string, problem: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: ${problem}`, { param });
}
