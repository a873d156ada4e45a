import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { addToDraft, closeDraft, createDraft } from "./encode-assistant.ts";
import type { EncodeContext } from "./encode-context.ts";
import { encodeFinish } from "./finish-reason.ts";
import { isLegacy } from "./legacy.ts";
import { encodeServiceTier } from "./service-tier.ts";
import { encodeUsage } from "./usage.ts";
import { CHAT, addFields, objectOf } from "./wire.ts";

/**
 * Encodes a whole answer for a client. Reasoning goes out in the field that the upstream used, or as
 * `reasoning_content`; sealed state of other makers as `reasoning_details`, and on tool calls also as
 * `extra_content.google.thought_signature`, so that a client keeps it in whichever it knows. An answer of the same
 * dialect keeps its unnamed fields. `refusal`, `logprobs` and `finish_reason` are always there.
 */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const context: EncodeContext = { own: false, toClient: true, legacy: isLegacy(reply.request), warnings: [] };
  const body: JsonObject = {
    id: response.id === "" ? `chatcmpl-${reply.requestId}` : response.id,
    object: "chat.completion",
    created: response.createdAt === 0 ? reply.createdAt : response.createdAt,
    model: response.model === "" ? reply.model : response.model,
    choices: response.candidates.map((candidate) => encodeCandidate(candidate, context)),
  };
  if (response.usage !== undefined) body["usage"] = encodeUsage(response.usage);
  if (response.serviceTier !== undefined) body["service_tier"] = encodeServiceTier(response.serviceTier);
  addFields(body, response.extensions?.[CHAT]);
  return body;
}

function encodeCandidate(candidate: Candidate, context: EncodeContext): JsonObject {
  const fields = candidate.extensions?.[CHAT];
  const choice: JsonObject = {
    index: candidate.index,
    message: encodeMessage(candidate, objectOf(fields?.["message"]), context),
    logprobs: candidate.logprobs ?? null,
    finish_reason: encodeFinish(
      candidate.finishReason,
      candidate.rawFinishReason,
      fields !== undefined,
      context.legacy,
    ),
  };
  addFields(choice, fields);
  return choice;
}

function encodeMessage(candidate: Candidate, kept: JsonObject | undefined, context: EncodeContext): JsonObject {
  const draft = createDraft({ type: "message", role: "assistant", content: [] });
  draft.kept = kept;
  draft.listed = Array.isArray(kept?.["content"]);
  for (const item of candidate.items) if (item.type !== "tool_result") addToDraft(draft, item, context);
  const message = closeDraft(draft, context) ?? { role: "assistant" };
  message["refusal"] ??= null;
  return message;
}
