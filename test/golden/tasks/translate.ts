import { GatewayError } from "../../../src/canonical/errors.ts";
import type { JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName, TaskOperation } from "../../../src/canonical/names.ts";
import type { AnyTaskCodec, CallRequest, TaskAnswer } from "../../../src/canonical/task.ts";
import type { Warning } from "../../../src/canonical/warning.ts";
import { taskDialects } from "../../../src/compose/dialects.ts";
import { manifests } from "../../../src/compose/providers.ts";

/** Its bodies differ by the model's name: they have tests of their own. */
const BY_MODEL: DialectName = "bedrock-text";

/** The dialects in which clients can ask for an operation. */
export function clientsOf(operation: TaskOperation): DialectName[] {
  const dialects = [...taskDialects.values()].filter(({ tasks }) => tasks[operation]?.decodeRequest !== undefined);
  const names = dialects.map(({ name }) => name);
  return names.filter((name) => name !== BY_MODEL).toSorted();
}

/** The dialects in which a provider offers an operation. */
export function providersOf(operation: TaskOperation): DialectName[] {
  const wires = manifests.flatMap(({ wires: own, compatibleWires = [] }) => [...own, ...compatibleWires]);
  const names = wires.filter(({ operations }) => operations.includes(operation)).map(({ dialect }) => dialect);
  return [...new Set(names)].filter((name) => name !== BY_MODEL).toSorted();
}

/** The codec of a dialect for an operation. */
export function codecOf(dialect: DialectName, operation: TaskOperation): AnyTaskCodec {
  const codec = taskDialects.get(dialect)?.tasks[operation] as unknown as AnyTaskCodec | undefined;
  if (codec === undefined) throw new Error(`${dialect} has no ${operation}`);
  return codec;
}

/** Where the AI SDK names the model. */
const MODEL_HEADER = new Headers({ "ai-model-id": "client-model" });

/** Decodes a client's request. */
export function decodeTask(client: DialectName, operation: TaskOperation, wire: JsonObject): CallRequest {
  const codec = codecOf(client, operation);
  const body = structuredClone(wire);
  if (codec.modelInBody) body["model"] = "client-model";
  return codec.decodeRequest({
    body,
    form: null,
    ...(!codec.modelInBody && { pathModel: "client-model", headers: MODEL_HEADER }),
  });
}

/** A request as it would reach a provider, or why it cannot. */
export type TranslatedTask = { path: string; body: JsonObject; warnings: Warning[] } | { refused: string };

/** Encodes a decoded request for a provider. */
export function encodeTask(
  provider: DialectName,
  operation: TaskOperation,
  request: CallRequest,
  model: string,
): TranslatedTask {
  const warnings: Warning[] = [...request.warnings];
  try {
    const { path, body } = codecOf(provider, operation).encodeRequest(
      { ...request, model },
      { model, warnings, flags: {} },
    );
    if (body === null || !("json" in body)) throw new Error("the tasks here have JSON bodies");
    return { path, body: JSON.parse(JSON.stringify(body.json)), warnings };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "unsupported_operation") throw error;
    return { refused: error.message };
  }
}

/** Decodes a provider's answer. */
export function decodeAnswer(
  provider: DialectName,
  operation: TaskOperation,
  body: JsonObject,
  request: CallRequest,
): TaskAnswer {
  const text = JSON.stringify(body);
  const answer = { contentType: "application/json", bytes: Buffer.from(text), json: () => JSON.parse(text) };
  return codecOf(provider, operation).decodeResponse(answer, request);
}

/** Encodes an answer for a client. */
export function encodeAnswer(
  client: DialectName,
  operation: TaskOperation,
  answer: TaskAnswer,
  request: CallRequest,
): JsonObject {
  const reply = { requestId: "req_1", createdAt: 1_750_000_000, request };
  const { contentType, body } = codecOf(client, operation).encodeResponse(answer, reply);
  if (contentType !== "application/json" || typeof body !== "string") throw new Error(`an answer of ${contentType}`);
  return JSON.parse(body);
}
