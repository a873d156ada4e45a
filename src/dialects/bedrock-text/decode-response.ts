import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeReason } from "./family.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, METRICS, objectsOf, restOf, textOf } from "./wire.ts";

/** One answer's text, and the family's word for why it ended. */
export interface Piece {
  index: number;
  text: string;
  /** Empty: it goes on. */
  reason: string;
}

const TAKEN = new Set([
  "generation",
  "generation_token_count",
  "generations",
  "id",
  "inputTextTokenCount",
  "outputs",
  "prompt_token_count",
  "response_id",
  "results",
  "stop_reason",
  "finish_reason",
  "text",
  METRICS,
]);

/** Reads an answer of any family, told by its fields. */
export function decodeResponse(wire: Json): ChatResponse {
  const body = isJsonObject(wire) ? wire : {};
  const pieces = wholePieces(body);
  if (pieces.length === 0)
    throw new GatewayError("provider_protocol_error", "the answer has the fields of no known model");
  const usage = decodeUsage(body);
  const rest = restOf(body, TAKEN);
  return {
    id: textOf(body["response_id"]) || textOf(body["id"]),
    model: "",
    createdAt: 0,
    candidates: pieces.map(candidateOf),
    ...(usage !== undefined && { usage }),
    ...(Object.keys(rest).length > 0 && { extensions: { [DIALECT]: rest } }),
  };
}

function wholePieces(body: JsonObject): Piece[] {
  if (typeof body["generation"] === "string")
    return [{ index: 0, text: body["generation"], reason: textOf(body["stop_reason"]) }];
  if (typeof body["text"] === "string")
    return [{ index: 0, text: body["text"], reason: textOf(body["finish_reason"]) }];
  return listedPieces(body);
}

/** Answers that stand in a list: Titan's, Mistral's and Command's. */
export function listedPieces(body: JsonObject): Piece[] {
  const titan = objectsOf(body["results"]);
  if (titan.length > 0) return titan.map((each, index) => pieceOf(index, each["outputText"], each["completionReason"]));
  const mistral = objectsOf(body["outputs"]);
  if (mistral.length > 0) return mistral.map((each, index) => pieceOf(index, each["text"], each["stop_reason"]));
  return objectsOf(body["generations"]).map((each, index) => pieceOf(index, each["text"], each["finish_reason"]));
}

export function pieceOf(index: number, text: Json | undefined, reason: Json | undefined): Piece {
  return { index, text: textOf(text), reason: textOf(reason) };
}

function candidateOf({ index, text, reason }: Piece): Candidate {
  return {
    index,
    items: text === "" ? [] : [{ type: "message", role: "assistant", content: [{ type: "text", text }] }],
    finishReason: reason === "" ? "other" : decodeReason(reason),
    ...(reason !== "" && { rawFinishReason: reason }),
  };
}
