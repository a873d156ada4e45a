import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { OLLAMA } from "../wire.ts";

/** Path of the endpoint that takes one or many texts. */
export const EMBED_PATH = "/api/embed";

/** Writes a request to `/api/embed` (`EmbedRequest` in `api/types.go`). Media and tokens are refused. */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const { inputs, isSingle, dimensions, truncate, extensions } = request;
  const texts = inputs.map(textOf);
  const body: JsonObject = { ...extensions[OLLAMA], model: target.model, input: isSingle ? texts[0] : texts };
  if (dimensions !== undefined) body["dimensions"] = dimensions;
  if (truncate !== undefined) body["truncate"] = truncate !== "none";
  warnLost(request, target);
  return { path: EMBED_PATH, body: { json: body }, headers: {} };
}

function textOf(input: EmbeddingInput, at: number): string {
  if (input.type === "text") return input.text;
  const [only, ...more] = input.type === "parts" ? input.parts : [];
  if (only?.type === "text" && more.length === 0) return only.text;
  const what = input.type === "tokens" ? "token ids" : "media";
  throw new GatewayError("unsupported_operation", `input ${at} holds ${what}, which Ollama does not embed`);
}

function warnLost(request: EmbeddingsRequest, { warnings }: TargetContext): void {
  const { purpose, truncate, title, encodings, endUser } = request;
  warnLeftOut(warnings, request, OLLAMA, [
    ["purpose", purpose !== undefined],
    ["truncate", truncate === "start"],
    ["title", title !== undefined],
    // Vectors as base64 are made from its numbers.
    ["encodings", encodings?.some((each) => each !== "float" && each !== "base64") === true],
    ["user", endUser !== undefined],
  ]);
}
