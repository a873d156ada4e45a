import type { Citation, Extensions, Part } from "./content.ts";
import type { GatewayError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { DialectName } from "./names.ts";
import type { Opaque } from "./opaque.ts";
import type { FinishReason } from "./response.ts";
import type { Usage } from "./usage.ts";

/**
 * A piece of a streamed answer. Decoders promise this order:
 * `start` once; then for each item `item_start`, its deltas, `item_end` (items of a candidate do not need to nest:
 * parallel tool calls may interleave); `finish` once a candidate, after its items; `usage` any number of times, each
 * cumulative, the last one final; then `end` when the wire's own terminal mark was seen. `error` is final too.
 * `index` numbers items over the whole answer, in order of appearance, from 0.
 */
export type StreamPart =
  | { type: "start"; id: string; model: string; createdAt: number; serviceTier?: string; extensions?: Extensions }
  | {
      type: "item_start";
      index: number;
      candidate: number;
      kind: "message" | "reasoning" | "tool_call";
      /** The item's own id. */
      id?: string;
      /** Tool calls only. */
      callId?: string;
      name?: string;
      toolKind?: "function" | "custom";
      opaque?: Opaque;
      extensions?: Extensions;
    }
  /** `part` counts the text parts within the message item, from 0. */
  | { type: "text_delta"; index: number; part: number; text: string; logprobs?: Json; opaque?: Opaque }
  | { type: "refusal_delta"; index: number; part: number; text: string }
  /** `channel`: `text` is the full reasoning, `summary` a summary; `part` counts summary parts. */
  | { type: "reasoning_delta"; index: number; channel: "text" | "summary"; part: number; text: string }
  /** The item's opaque state, whole (decoders gather it where the wire streams it). */
  | { type: "item_opaque"; index: number; opaque: Opaque }
  | { type: "tool_delta"; index: number; text: string }
  /** The one delta that may come after its item's end: sources may be known late. */
  | { type: "citation"; index: number; part: number; citation: Citation }
  /** Media that the model made, whole: an image, or a chunk of audio (`chunk: true`). */
  | { type: "media"; index: number; media: Part; chunk?: boolean }
  | { type: "item_end"; index: number; extensions?: Extensions }
  /** A whole item that only its dialect knows (a provider-run tool's call or result). */
  | { type: "opaque_item"; index: number; candidate: number; dialect: DialectName; value: JsonObject }
  | {
      type: "finish";
      candidate: number;
      reason: FinishReason;
      raw?: string;
      stopSequence?: string;
      extensions?: Extensions;
    }
  | { type: "usage"; usage: Usage }
  | { type: "ping" }
  /** An event that the dialect does not know; relayed untouched to clients of the same dialect. */
  | { type: "unknown"; dialect: DialectName; event: string; data: string }
  | { type: "error"; error: GatewayError }
  | { type: "end"; serviceTier?: string; extensions?: Extensions };

/** True for the parts that commit a stream: after one of them has left, a fallback would show text twice. */
export function isContent(part: StreamPart): boolean {
  switch (part.type) {
    case "text_delta":
    case "refusal_delta":
    case "reasoning_delta":
    case "tool_delta":
    case "media":
    case "citation":
    case "opaque_item":
      return true;
    case "item_start":
      return part.kind === "tool_call";
    case "finish":
      return true;
    default:
      return false;
  }
}
