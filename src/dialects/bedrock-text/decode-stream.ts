import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { objectFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { listedPieces, pieceOf, type Piece } from "./decode-response.ts";
import { decodeError } from "./errors.ts";
import { decodeReason } from "./family.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, isGuarded, METRICS, objectOf, textOf } from "./wire.ts";

/** Decodes the chunks of a stream of any family: each is a piece of text, the last one has counts beside its reason. */
export function createStreamDecoder(): StreamDecoder {
  return new Decoder();
}

class Decoder implements StreamDecoder {
  private phase: "waiting" | "open" | "done" = "waiting";
  private readonly open = new Set<number>();
  private readonly finished = new Set<number>();
  private usage: Usage | undefined;
  private isGuarded = false;

  push({ event, data }: Frame, out: StreamPart[]): void {
    if (this.phase === "done") return;
    const body = objectFrom(data);
    if (body === undefined) return this.fail(NO_CHUNK, out);
    if (typeof body["__type"] === "string") return this.fail(faultOf(body), out);
    const pieces = chunkPieces(body);
    const wasGuarded = isGuarded(body);
    if (wasGuarded) this.isGuarded = true;
    const usage = wasGuarded || METRICS in body ? decodeUsage(body) : undefined;
    if (pieces.length === 0 && usage === undefined && !KNOWN_EVENTS.has(textOf(body["event_type"]))) {
      out.push({ type: "unknown", dialect: DIALECT, event, data });
      return;
    }
    this.begin(body, out);
    for (const piece of pieces) this.take(piece, out);
    if (usage !== undefined) this.usage = usage;
    if (METRICS in body && this.finished.size > 0) this.end(out);
  }

  finish(out: StreamPart[]): void {
    if (this.phase === "done") return;
    if (this.isGuarded) this.filter(out);
    if (this.finished.size > 0) return this.end(out);
    this.fail(new GatewayError("upstream_truncated", "the provider's stream broke off"), out);
  }

  private begin(body: JsonObject, out: StreamPart[]): void {
    if (this.phase === "open") return;
    this.phase = "open";
    const id = textOf(body["generation_id"]) || textOf(body["id"]) || textOf(objectOf(body["response"])["response_id"]);
    out.push({ type: "start", id, model: "", createdAt: 0 });
  }

  private take({ index, text, reason }: Piece, out: StreamPart[]): void {
    if (this.finished.has(index)) return;
    if (text !== "") {
      if (!this.open.has(index)) {
        this.open.add(index);
        out.push({ type: "item_start", index, candidate: index, kind: "message" });
      }
      out.push({ type: "text_delta", index, part: 0, text });
    }
    if (reason === "") return;
    if (this.open.has(index)) out.push({ type: "item_end", index });
    this.finished.add(index);
    out.push({ type: "finish", candidate: index, reason: decodeReason(reason), raw: reason });
  }

  /** What a guardrail said in the model's place has no reason of its own. */
  private filter(out: StreamPart[]): void {
    for (const index of this.open.size > 0 ? this.open : [0]) {
      if (this.finished.has(index)) continue;
      if (this.open.has(index)) out.push({ type: "item_end", index });
      this.finished.add(index);
      out.push({ type: "finish", candidate: index, reason: "content_filter" });
    }
  }

  private end(out: StreamPart[]): void {
    this.phase = "done";
    for (const index of this.open) if (!this.finished.has(index)) out.push({ type: "item_end", index });
    if (this.usage !== undefined) out.push({ type: "usage", usage: this.usage });
    out.push({ type: "end" });
  }

  private fail(error: GatewayError, out: StreamPart[]): void {
    this.phase = "done";
    out.push({ type: "error", error });
  }
}

const NO_CHUNK = new GatewayError("provider_protocol_error", "the upstream sent a chunk that is no JSON object");

/** An error where a chunk should be. */
function faultOf(body: JsonObject): GatewayError {
  const fault = decodeError(FAILED, body);
  return new GatewayError("upstream_error", fault.message, { upstream: fault });
}

const FAILED = 500;

/** Events of Command R that bring no text. */
const KNOWN_EVENTS = new Set(["stream-start", "stream-end", "text-generation"]);

function chunkPieces(body: JsonObject): Piece[] {
  if (typeof body["outputText"] === "string") {
    return [pieceOf(indexOf(body["index"]), body["outputText"], body["completionReason"])];
  }
  if (typeof body["generation"] === "string") return [pieceOf(0, body["generation"], body["stop_reason"])];
  if (typeof body["is_finished"] === "boolean") return cohereChunk(body, body["is_finished"]);
  return listedPieces(body);
}

/** The last chunk of Command repeats the whole answer. */
function cohereChunk(body: JsonObject, isLast: boolean): Piece[] {
  const type = body["event_type"];
  const isText = !isLast && (type === undefined || type === "text-generation");
  if (!isText && !isLast) return [];
  return [
    pieceOf(indexOf(body["index"]), isText ? body["text"] : "", isLast ? (body["finish_reason"] ?? "COMPLETE") : ""),
  ];
}

/** How many answers one request can ask for; a larger number is none. */
const MOST_ANSWERS = 16;

function indexOf(value: Json | undefined): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < MOST_ANSWERS ? value : 0;
}
