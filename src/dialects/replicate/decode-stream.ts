import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { errorText, failureOf } from "./prediction.ts";

/**
 * Decodes the events of a prediction: `output` with a piece of text as its data, `error`, and `done`, whose data says why
 * where it was cut short (https://replicate.com/docs/topics/predictions/streaming). They count no tokens.
 */
export function createStreamDecoder(): StreamDecoder {
  return new Decoder();
}

class Decoder implements StreamDecoder {
  private phase: "waiting" | "open" | "done" = "waiting";
  private hasItem = false;

  push({ event, data }: Frame, out: StreamPart[]): void {
    if (this.phase === "done") return;
    if (event === "output") this.text(data, out);
    else if (event === "error") this.fail(failureOf(reasonIn(data) || data || "the prediction failed", data), out);
    else if (event === "done") this.end(data, out);
    else if (event === "logs" || data === "") return;
    else out.push({ type: "unknown", dialect: "replicate", event, data });
  }

  finish(out: StreamPart[]): void {
    if (this.phase === "done") return;
    this.fail(new GatewayError("upstream_truncated", "the provider's stream broke off"), out);
  }

  private begin(out: StreamPart[]): void {
    if (this.phase === "waiting") out.push({ type: "start", id: "", model: "", createdAt: 0 });
    this.phase = "open";
  }

  private text(text: string, out: StreamPart[]): void {
    this.begin(out);
    if (text === "") return;
    if (!this.hasItem) out.push({ type: "item_start", index: 0, candidate: 0, kind: "message" });
    this.hasItem = true;
    out.push({ type: "text_delta", index: 0, part: 0, text });
  }

  private end(data: string, out: StreamPart[]): void {
    const reason = reasonIn(data);
    if (reason !== "") return this.fail(failureOf(`the prediction ended early: ${reason}`, data), out);
    this.begin(out);
    if (this.hasItem) out.push({ type: "item_end", index: 0 });
    out.push({ type: "finish", candidate: 0, reason: "stop" }, { type: "end" });
    this.phase = "done";
  }

  private fail(error: GatewayError, out: StreamPart[]): void {
    this.phase = "done";
    out.push({ type: "error", error });
  }
}

/** What the data of a last event says; empty: nothing. */
function reasonIn(data: string): string {
  try {
    const body = JSON.parse(data) as Json;
    const reason = isJsonObject(body) ? body["reason"] : undefined;
    return typeof reason === "string" ? reason : errorText(body);
  } catch {
    return "";
  }
}
