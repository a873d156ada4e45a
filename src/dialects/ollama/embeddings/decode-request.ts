import { GatewayError } from "../../../canonical/errors.ts";
import type { Json } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { fieldsBeside, numberOf, OLLAMA } from "../wire.ts";

/** Path of the endpoint that `/api/embed` superseded. */
export const LEGACY_PATH = "/api/embeddings";

const KNOWN = new Set(["model", "input", "prompt", "dimensions", "truncate"]);

/** Reads a request to `/api/embed` or, told by its `prompt`, `/api/embeddings`. Inputs that are too long are cut by default. */
export function decodeRequest({ body }: TaskWire): EmbeddingsRequest {
  const { model, prompt, input, truncate } = body;
  if (typeof model !== "string" || model === "") throw invalid("model", "a text that names a model");
  const isLegacy = input === undefined && prompt !== undefined;
  const texts = textsOf(isLegacy ? prompt : input, isLegacy ? "prompt" : "input");
  const dimensions = numberOf(body["dimensions"]);
  return {
    model,
    stream: false,
    inputs: texts.map((text) => ({ type: "text", text })),
    isSingle: !Array.isArray(input),
    extensions: { [OLLAMA]: fieldsBeside(body, KNOWN) },
    warnings: [],
    ...(isLegacy && { relayPath: LEGACY_PATH }),
    ...(dimensions !== undefined && { dimensions }),
    ...(typeof truncate === "boolean" && { truncate: truncate ? "end" : "none" }),
  };
}

function textsOf(value: Json | undefined, param: string): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")) return value;
  throw invalid(param, "a text or a list of texts");
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}
