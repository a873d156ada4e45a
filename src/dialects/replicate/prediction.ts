import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { modelSegments } from "../../canonical/model-segments.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";

/** Where a model's predictions begin, and the version that the body names. */
export interface Start {
  path: string;
  version?: string;
}

/**
 * Official models have a path of their own, versions (`owner/name:version`, or the version's id alone) stand in the body, and
 * `deployments/owner/name` names a deployment: https://replicate.com/docs/topics/predictions/create-a-prediction
 */
export function startOf(model: string): Start {
  const colon = model.indexOf(":");
  if (colon >= 0 || !model.includes("/")) return { path: "/predictions", version: model.slice(colon + 1) };
  const segments = modelSegments(model);
  const path = segments.join("/");
  return { path: segments[0] === "deployments" ? `/${path}/predictions` : `/models/${path}/predictions` };
}

/**
 * Has the provider hold the answer until the prediction is done, for at most so many seconds: half of what a call waits for its
 * head by default. From then on it is looked at.
 */
export const WAITS = { prefer: "wait=30" } as const;

/** Where one prediction is. */
export function predictionPath(id: string): string {
  return `/predictions/${encodeURIComponent(id)}`;
}

/** A prediction as far as it is read: https://replicate.com/docs/reference/http#predictions.get */
export interface Prediction {
  id: string;
  status: "starting" | "processing" | "succeeded" | "failed" | "canceled";
  output: Json;
  /** Why it failed; empty when it does not say. */
  error: string;
  /** Address of its stream of server-sent events. */
  stream?: string;
  /** Unix seconds. */
  createdAt: number | null;
  completedAt: number | null;
  metrics: JsonObject;
  raw: JsonObject;
}

const STATUSES: Readonly<Record<string, Prediction["status"]>> = {
  starting: "starting",
  processing: "processing",
  succeeded: "succeeded",
  successful: "succeeded",
  failed: "failed",
  canceled: "canceled",
  aborted: "canceled",
};

/** Reads a prediction; null for what is none. */
export function readPrediction(body: Json): Prediction | null {
  if (!isJsonObject(body)) return null;
  const { id, status: said, output = null, error, urls, metrics } = body;
  const status = typeof said === "string" && Object.hasOwn(STATUSES, said) ? STATUSES[said] : undefined;
  if (typeof id !== "string" || id === "" || status === undefined) return null;
  const stream = isJsonObject(urls) ? urls["stream"] : undefined;
  return {
    id,
    status,
    output,
    error: errorText(error),
    ...(typeof stream === "string" && { stream }),
    createdAt: secondsOf(body["created_at"]),
    completedAt: secondsOf(body["completed_at"]),
    metrics: isJsonObject(metrics) ? metrics : {},
    raw: body,
  };
}

/** True while there is nothing to be had of it. */
export function isUnderWay({ status }: Prediction): boolean {
  return status === "starting" || status === "processing";
}

/** What a failed prediction, or its stream, says of it. */
export function errorText(error: Json | undefined): string {
  if (typeof error === "string") return error;
  const detail = isJsonObject(error) ? (error["detail"] ?? error["message"]) : undefined;
  return typeof detail === "string" ? detail : "";
}

function secondsOf(time: Json | undefined): number | null {
  const milliseconds = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isFinite(milliseconds) ? Math.floor(milliseconds / 1000) : null;
}

/** The prediction that an answer must be. Throws `provider_protocol_error`. */
export function predictionIn(body: Json): Prediction {
  const prediction = readPrediction(body);
  if (prediction === null)
    throw new GatewayError("provider_protocol_error", "the provider's answer is no prediction: no `id` or `status`");
  return prediction;
}

/** The same where it must be a finished one. Throws what it failed with, too. */
export function finishedPrediction(body: Json): Prediction {
  const prediction = predictionIn(body);
  if (prediction.status === "succeeded") return prediction;
  const { error, status, raw } = prediction;
  throw failureOf(error === "" ? `the prediction is ${status}` : error, raw);
}

/** A prediction that failed; whether the input or the model was at fault is not told apart. */
export function failureOf(message: string, body: Json): GatewayError {
  return new GatewayError("upstream_error", message, { upstream: { status: 500, message, body } });
}

/** Tokens, as official language models count them. */
export function tokensOf({ metrics }: Prediction): Usage | undefined {
  const { input_token_count: input, output_token_count: output } = metrics;
  if (typeof input !== "number" && typeof output !== "number") return undefined;
  return { ...emptyUsage(), inputTokens: tokenCount(input), outputTokens: tokenCount(output), raw: metrics };
}

/** The texts of an output: one, or a list; null when it holds anything else. */
export function textsOf(output: Json): string[] | null {
  if (output === null) return [];
  const list = Array.isArray(output) ? output : [output];
  const texts = list.filter((each) => typeof each === "string");
  return texts.length === list.length ? texts : null;
}
