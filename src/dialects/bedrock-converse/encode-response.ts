import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { encodeAnswerItem } from "./encode-block.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { ownFields } from "./own-fields.ts";
import { encodeUsage } from "./usage.ts";
import type { WireBlock } from "./wire.ts";

/** The latency that the wire's answers must tell; the gateway's own where the upstream told none. */
export function metricsOf(reply: ReplyContext): JsonObject {
  return { latencyMs: Math.round(reply.elapsedMs?.() ?? 0) };
}

/** Encodes an answer of Converse (AWS SDK: `ConverseResponse`). This wire has one answer only: the first candidate. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const own = ownFields(response.extensions);
  const [candidate] = response.candidates;
  const native = own !== undefined;
  return {
    ...(!native && { metrics: metricsOf(reply), ...stopFields(candidate) }),
    ...own,
    output: {
      message: { role: "assistant", content: contentOf(candidate, native), ...ownFields(candidate?.extensions) },
    },
    stopReason: candidate === undefined ? "end_turn" : stopReason(candidate, native),
    usage: encodeUsage(response.usage),
    ...(response.serviceTier !== undefined && native && { serviceTier: { type: response.serviceTier } }),
  };
}

/** Where Claude tells the stop sequence to those who ask for it. */
export function stopFields(finish: Pick<Candidate, "stopSequence"> | undefined): JsonObject | undefined {
  const { stopSequence } = finish ?? {};
  return stopSequence === undefined ? undefined : { additionalModelResponseFields: { stop_sequence: stopSequence } };
}

/** Refusals in words end with an ordinary stop elsewhere: here the reason says it. */
function stopReason(candidate: Candidate, native: boolean): string {
  const { finishReason, items } = candidate;
  const refused = items.some((item) => item.type === "message" && item.content.some(({ type }) => type === "refusal"));
  return encodeFinishReason(
    { ...candidate, finishReason: finishReason === "stop" && refused ? "refusal" : finishReason },
    native,
  );
}

/** Empty texts, which other dialects put beside tool calls, are left out: the API would refuse them in the next request. */
function contentOf(candidate: Candidate | undefined, native: boolean): WireBlock[] {
  const blocks = (candidate?.items ?? []).flatMap(encodeAnswerItem);
  return native ? blocks : blocks.filter((block) => block["text"] !== "");
}
