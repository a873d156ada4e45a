import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { FreshCallIds } from "./call-ids.ts";
import { encodeAnswerItem } from "./encode-block.ts";
import { encodeFinishReason, isForClient, warnBrokenOff } from "./finish-reason.ts";
import { ownFields } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { encodeUsage } from "./usage.ts";

/** An id of the vendor's form, for answers that came without one. */
export function messageId(id: string, reply: ReplyContext): string {
  return id !== "" ? id : `msg_${reply.requestId}`;
}

/** Encodes an answer as a `message` (vendor SDK: `Message`). This wire has one answer only: the first candidate. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const own = ownFields(response.extensions);
  const [candidate] = response.candidates;
  const content = contentOf(candidate, own !== undefined, new FreshCallIds(reply.request));
  const asks = content.some(isForClient);
  if (candidate?.finishReason === "error" && !asks) warnBrokenOff(candidate.rawFinishReason, reply.warnings);
  return {
    ...own,
    id: messageId(response.id, reply),
    type: "message",
    role: "assistant",
    model: response.model !== "" ? response.model : reply.model,
    content,
    stop_reason: candidate === undefined ? null : stopReason(candidate, own !== undefined, asks),
    stop_sequence: candidate?.stopSequence ?? null,
    usage: encodeUsage(response.usage),
    ...ownFields(candidate?.extensions),
  };
}

/**
 * OpenAI's refusals end with an ordinary stop: here the reason says it. A call is the client's to run, whatever else its provider
 * says (Gemini `UNEXPECTED_TOOL_CALL`).
 */
function stopReason(candidate: Candidate, native: boolean, asks: boolean): string {
  const { finishReason, items } = candidate;
  if (finishReason === "error" && asks) return "tool_use";
  const refused = items.some((item) => item.type === "message" && item.content.some(({ type }) => type === "refusal"));
  const reason = finishReason === "stop" && refused ? "refusal" : finishReason;
  return encodeFinishReason({ ...candidate, finishReason: reason }, native);
}

/** Empty texts, which other dialects put beside tool calls, are left out: the API would refuse them in the next request. */
function contentOf(candidate: Candidate | undefined, native: boolean, ids: FreshCallIds): WireBlock[] {
  const items = candidate?.items ?? [];
  const blocks = items.flatMap((item) => encodeAnswerItem(withFreshId(item, ids)));
  return native ? blocks : blocks.filter((block) => block["type"] !== "text" || block["text"] !== "");
}

function withFreshId(item: Item, ids: FreshCallIds): Item {
  if (item.type !== "tool_call") return item;
  const callId = ids.of(item.callId);
  return callId === item.callId ? item : { ...item, callId };
}
