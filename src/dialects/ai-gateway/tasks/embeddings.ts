import { GatewayError } from "../../../canonical/errors.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask, TaskCodec, TaskWire, TaskWireAnswer } from "../../../canonical/task.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import type { EmbeddingInput, EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import { emptyUsage, tokenCount } from "../../../canonical/usage.ts";
import { invalidField } from "../../../canonical/task-fields.ts";
import { faultToError } from "../errors.ts";
import { modelHeaders, modelIn, protocolError } from "./model-headers.ts";
import { AI_GATEWAY, fieldsBeside, objectOf, textOf } from "../wire.ts";
import { OpenAiOptions } from "./openai-options.ts";
import { encodeProviderOptions } from "./provider-options.ts";

const PATH = "/embedding-model";
const headersFor = (model: string): Record<string, string> => modelHeaders("embedding", model);
const KNOWN: ReadonlySet<string> = new Set(["values", "input", "providerOptions"]);

/** `gateway-embedding-model.ts` of @ai-sdk/gateway 3.0; earlier versions send `input`, one text or a list. */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: () => PATH,
  relayHeaders: headersFor,
  modelInBody: false,
  decodeResponse,
  encodeResponse: ({ vectors, usage }) => {
    const counted = usage === undefined ? {} : { usage: { tokens: usage.inputTokens } };
    return { contentType: "application/json", body: JSON.stringify({ embeddings: vectors, ...counted, warnings: [] }) };
  },
};

function decodeRequest(wire: TaskWire): EmbeddingsRequest {
  const { body } = wire;
  const options = new OpenAiOptions(wire);
  const dimensions = options.number("dimensions");
  return {
    model: modelIn(wire),
    stream: false,
    inputs: textsOf(body["values"] ?? body["input"]).map((text) => ({ type: "text", text })),
    isSingle: false,
    extensions: { [AI_GATEWAY]: { ...fieldsBeside(body, KNOWN), ...options.rest() } },
    warnings: [],
    ...(dimensions !== undefined && { dimensions }),
  };
}

function textsOf(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")) return value;
  throw invalidField("values", "a list of texts");
}

function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const { inputs, dimensions, extensions } = request;
  const own = { openai: given({ dimensions }), google: given({ outputDimensionality: dimensions }) };
  const json: JsonObject = {
    ...extensions[AI_GATEWAY],
    values: inputs.map(textOfInput),
    ...encodeProviderOptions(own, extensions[AI_GATEWAY]),
  };
  warnLost(request, target);
  return { path: PATH, body: { json }, headers: headersFor(target.model) };
}

function textOfInput(input: EmbeddingInput, at: number): string {
  if (input.type === "text") return input.text;
  const [only, ...more] = input.type === "parts" ? input.parts : [];
  if (only?.type === "text" && more.length === 0) return only.text;
  throw new GatewayError(
    "unsupported_operation",
    `input ${at} is no text, which is all that the AI SDK's protocol embeds`,
  );
}

function warnLost(request: EmbeddingsRequest, { warnings }: TargetContext): void {
  const { purpose, truncate, title, endUser, encodings } = request;
  warnLeftOut(warnings, request, AI_GATEWAY, [
    ["purpose", purpose !== undefined],
    ["truncate", truncate !== undefined],
    ["title", title !== undefined],
    // Vectors as base64 are made from its numbers.
    ["encodings", encodings?.some((each) => each !== "float" && each !== "base64") === true],
    ["user", endUser !== undefined],
  ]);
}

function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  if (!isJsonObject(body)) throw protocolError("it is no object");
  if (body["error"] != null) throw faultToError(body["error"]);
  const { embeddings: lists } = body;
  if (!Array.isArray(lists)) throw protocolError("it has no `embeddings`");
  const tokens = objectOf(body["usage"])?.["tokens"];
  return {
    id: "",
    model: textOf(body["model"]) ?? "",
    vectors: lists.map(vectorOf),
    ...(typeof tokens === "number" && { usage: { ...emptyUsage(), inputTokens: tokenCount(tokens) } }),
  };
}

function vectorOf(list: Json, at: number): number[] {
  if (Array.isArray(list) && list.every((each) => typeof each === "number")) return list;
  throw protocolError(`embeddings[${at}] is no list of numbers`);
}
