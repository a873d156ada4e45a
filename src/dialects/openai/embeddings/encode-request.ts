import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import { asksForPacked } from "../../../canonical/tasks/number-formats.ts";
import type { EmbeddingInput, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";

/** Writes a request. The vectors are asked for as `base64` where the client wants them so, else as numbers. */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const { inputs, isSingle, dimensions, endUser, encodings } = request;
  const input = inputs.map(wireInput);
  const body: JsonObject = { ...request.extensions.openai, model: target.model, input: isSingle ? input[0] : input };
  if (dimensions !== undefined) body["dimensions"] = dimensions;
  if (encodings?.[0] === "base64") body["encoding_format"] = "base64";
  if (endUser !== undefined) body["user"] = endUser;
  warnLost(request, target);
  return { path: "/embeddings", body: { json: body }, headers: {} };
}

function wireInput(input: EmbeddingInput, at: number): string | number[] {
  if (input.type === "text") return input.text;
  if (input.type === "tokens") return input.tokens;
  const [only, ...more] = input.parts;
  if (only?.type === "text" && more.length === 0) return only.text;
  throw new GatewayError("unsupported_operation", `input ${at} holds media, which this provider does not embed`);
}

function warnLost(request: EmbeddingsRequest, { warnings }: TargetContext): void {
  const { purpose, truncate, title, extensions } = request;
  const isPurposeKept = extensions.openai?.["input_type"] !== undefined;
  warnLeftOut(warnings, request, "openai", [
    ["purpose", purpose !== undefined && !isPurposeKept],
    ["truncate", truncate !== undefined],
    ["title", title !== undefined],
    ["encodings", asksForPacked(request)],
  ]);
}
