import type { Citation } from "../../canonical/content.ts";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import type { ReasoningForm } from "./reasoning-form.ts";
import { encodeServiceTier } from "./service-tier.ts";
import { CHAT } from "./wire.ts";

/** What the encoder knows of an item. */
export interface ItemState {
  candidate: number;
  kind: "message" | "reasoning" | "tool_call";
  /** Tool calls: place in `tool_calls`; -1 when the call goes out as `function_call`. */
  callIndex: number;
  callId: string;
  custom: boolean;
  hasArguments: boolean;
  /** A call that goes out when it is whole, as it began; null: its pieces go out as they come. */
  held: { call: JsonObject; text: string } | null;
  /** Reasoning: where it goes, when the upstream spoke this dialect. */
  form: ReasoningForm | undefined;
  id: string | undefined;
  /** Reasoning: the text so far, which goes out again with sealed state; kept only for other dialects. */
  text: string;
  summaryPart: number;
  /** Messages: where each text part begins in the content, its length, and its citations. */
  partStarts: number[];
  partLengths: number[];
  cited: { part: number; citation: Citation }[];
  isEnded: boolean;
}

/** What the encoder knows of a candidate. */
export interface CandidateState {
  /** The chunk up to its `delta`. */
  head: string;
  finished: boolean;
  calls: number;
  details: number;
  textLength: number;
  hasFunctionCall: boolean;
}

/** What the encoder knows of the answer. */
export interface EncoderState {
  reply: ReplyContext;
  legacy: boolean;
  /** The chunk up to `choices`. Empty before the start. */
  head: string;
  ended: boolean;
  items: ItemState[];
  candidates: (CandidateState | undefined)[];
  usage: Usage | undefined;
}

/** The state before the first part. */
export function createEncoderState(reply: ReplyContext, legacy: boolean): EncoderState {
  return { reply, legacy, head: "", ended: false, items: [], candidates: [], usage: undefined };
}

type Start = Extract<StreamPart, { type: "start" }>;

const NO_START: Start = { type: "start", id: "", model: "", createdAt: 0 };

/** Fixes what every chunk begins with. The SDK's stream helper lets later chunks overwrite it, so that it must not change. */
export function beginAnswer(state: EncoderState, part: Start = NO_START): void {
  const { reply } = state;
  const fields: JsonObject = {
    id: part.id === "" ? `chatcmpl-${reply.requestId}` : part.id,
    object: "chat.completion.chunk",
    created: part.createdAt === 0 ? reply.createdAt : part.createdAt,
    model: part.model === "" ? reply.model : part.model,
  };
  if (part.serviceTier !== undefined) fields["service_tier"] = encodeServiceTier(part.serviceTier);
  const fingerprint = part.extensions?.[CHAT]?.["system_fingerprint"];
  if (fingerprint !== undefined) fields["system_fingerprint"] = fingerprint;
  state.head = `data: ${JSON.stringify(fields).slice(0, -1)},`;
}

/** The state of a candidate, and the chunk that gives its role when it is new. */
export function candidateOf(state: EncoderState, number: number): { candidate: CandidateState; role: string } {
  const known = state.candidates[number];
  if (known !== undefined) return { candidate: known, role: "" };
  if (state.head === "") beginAnswer(state);
  const head = `${state.head}"choices":[{"index":${number},"delta":`;
  const candidate = { head, finished: false, calls: 0, details: 0, textLength: 0, hasFunctionCall: false };
  state.candidates[number] = candidate;
  return { candidate, role: `${head}{"role":"assistant","content":"","refusal":null}${TAIL}` };
}

/** What follows the `delta` in a chunk that does not end its choice. */
export const TAIL = `,"logprobs":null,"finish_reason":null}]}\n\n`;
