import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Feedback } from "./port.ts";

/** Feedback as it was sent; `id` is that of a request or of its answer. */
export type FeedbackStatement = Omit<Feedback, "request_id" | "source" | "time"> & { id: string };

/** How long texts may be; metadata as JSON. */
export const MOST_CHARACTERS = { id: 512, label: 100, comment: 4000, metadata: 8192 } as const;
const FIELDS: ReadonlySet<string> = new Set([
  "request_id",
  "score",
  "weight",
  "label",
  "comment",
  "metadata",
  "trace_id",
  "value",
]);

const THUMBS: Readonly<Record<string, number>> = { up: 1, thumbs_up: 1, down: -1, thumbs_down: -1 };

/**
 * Reads feedback: `request_id`; `score` from −1 to 1, or `up` or `down`, or true or false; `weight` from 0 to 1 (default 1);
 * `label`, `comment` and `metadata`. Portkey's `trace_id` stands for `request_id`, and its `value`, a whole number from −10
 * to 10, for ten times the score: https://portkey.ai/docs/api-reference/admin-api/data-plane/feedback/create-feedback.
 * Throws `invalid_request` for anything else.
 */
export function readFeedback(body: JsonObject): FeedbackStatement {
  for (const name of Object.keys(body)) {
    if (!FIELDS.has(name)) refuse(name.slice(0, 100), `is no field of feedback; those are ${[...FIELDS].join(", ")}`);
  }
  return {
    id: readId(body),
    score: readScore(body),
    weight: body["weight"] === undefined ? 1 : readNumber("weight", body["weight"], 0, 1),
    label: readText("label", body["label"], MOST_CHARACTERS.label),
    comment: readText("comment", body["comment"], MOST_CHARACTERS.comment),
    metadata: readMetadata(body["metadata"]),
  };
}

function readId({ request_id: request, trace_id: trace }: JsonObject): string {
  if (request !== undefined && trace !== undefined) refuse("trace_id", "stands beside request_id");
  const name = trace === undefined ? "request_id" : "trace_id";
  return (
    readText(name, trace ?? request, MOST_CHARACTERS.id) ||
    refuse(name, "is needed: the request's id, or that of its answer")
  );
}

function readScore({ score, value }: JsonObject): number {
  if (score !== undefined && value !== undefined) refuse("value", "stands beside score");
  if (value !== undefined) {
    const found = readNumber("value", value, -10, 10);
    return Number.isInteger(found) ? found / 10 : refuse("value", "must be a whole number from -10 to 10");
  }
  if (typeof score === "boolean") return score ? 1 : -1;
  if (typeof score !== "string") return readNumber("score", score, -1, 1);
  return Object.hasOwn(THUMBS, score) ? (THUMBS[score] ?? 0) : refuse("score", 'must be a number, "up" or "down"');
}

function readNumber(name: string, value: Json | undefined, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  return refuse(name, `must be a number from ${least} to ${most}`);
}

function readText(name: string, value: Json | undefined, most: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || !value.isWellFormed()) return refuse(name, "must be a text");
  return value.length <= most ? value : refuse(name, `must not be longer than ${most} characters`);
}

function readMetadata(value: Json | undefined): JsonObject | null {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) return refuse("metadata", "must be an object");
  const { length } = JSON.stringify(value);
  return length <= MOST_CHARACTERS.metadata
    ? value
    : refuse("metadata", `must not take more than ${MOST_CHARACTERS.metadata} characters`);
}

function refuse(name: string, message: string): never {
  throw new GatewayError("invalid_request", `'${name}' ${message}`, { param: name });
}
