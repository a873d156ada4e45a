import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { encodeOutput } from "./encode-output.ts";
import { encodeFinish } from "./finish-reason.ts";
import { callFields } from "./namespaces.ts";
import { ownFields } from "./own-fields.ts";
import { showsTextAsSummary } from "./reasoning-channel.ts";
import { replyFields } from "./reply-fields.ts";
import { encodeUsage } from "./usage.ts";

/** Id of an answer whose upstream gave none, or none that a kept answer can have. */
export function answerId(id: string, reply: ReplyContext): string {
  const isOwn = id === "" || (reply.isKept === true && !id.startsWith("resp_"));
  return isOwn ? `resp_${reply.requestId}` : id;
}

/** Encodes an answer as a `Response` object. Of several candidates the first is given: this dialect has one. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const id = answerId(response.id, reply);
  const candidate = response.candidates[0] ?? { index: 0, items: [], finishReason: "stop" };
  const finish = encodeFinish(candidate.finishReason, candidate.rawFinishReason, saysRefusal(candidate));
  return {
    id,
    object: "response",
    created_at: response.createdAt || reply.createdAt,
    ...replyFields(reply),
    ...ownFields(response),
    ...finish,
    model: response.model || reply.model,
    output: encodeOutput(candidate, {
      answerId: id,
      textAsSummary: showsTextAsSummary(reply, response),
      calls: callFields(reply.request),
    }),
    service_tier: response.serviceTier ?? ownFields(response).service_tier ?? null,
    usage: response.usage === undefined ? null : encodeUsage(response.usage),
  };
}

function saysRefusal(candidate: Candidate): boolean {
  return candidate.items.some(
    (item) => item.type === "message" && item.content.some((part) => part.type === "refusal"),
  );
}
