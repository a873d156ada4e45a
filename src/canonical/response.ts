import type { Extensions } from "./content.ts";
import type { Json } from "./json.ts";
import type { Item } from "./request.ts";
import type { Usage } from "./usage.ts";

/** Why a candidate ended. `error`: the provider broke off; `other`: see `rawFinishReason`. */
export type FinishReason =
  | "stop"
  | "stop_sequence"
  | "length"
  | "tool_calls"
  | "content_filter"
  | "refusal"
  | "pause"
  | "error"
  | "other";

/** One answer; several only when the request asked for `n`. */
export interface Candidate {
  index: number;
  /** Assistant messages, reasoning, tool calls and opaque items, in the order the model made them. */
  items: Item[];
  finishReason: FinishReason;
  /** The wire's own word. */
  rawFinishReason?: string;
  stopSequence?: string;
  /** In the form of OpenAI chat: `{ content: [{ token, logprob, bytes, top_logprobs }] }`. */
  logprobs?: Json;
  extensions?: Extensions;
}

/** A whole answer to a `ChatRequest`. */
export interface ChatResponse {
  /** The provider's id of the answer; empty when it gave none. */
  id: string;
  /** The model that the provider says answered; empty when it does not say. */
  model: string;
  /** Unix seconds; 0 when the wire does not say. */
  createdAt: number;
  candidates: Candidate[];
  /** Absent when the provider sent none. */
  usage?: Usage;
  serviceTier?: string;
  extensions?: Extensions;
}
