import type { ChatFollowUp } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { finishedPrediction, isUnderWay, predictionPath, readPrediction, textsOf, tokensOf } from "./prediction.ts";

/** As the vendor's own client waits between two looks. */
const POLL_MS = 500;

/** Leads to the stream of a prediction, or to a further look at one that is not finished. */
export function followChat(body: Json, stream: boolean): ChatFollowUp | null {
  const prediction = readPrediction(body);
  if (prediction === null || !isUnderWay(prediction)) return null;
  if (stream && prediction.stream !== undefined)
    return {
      path: prediction.stream,
      headers: { accept: "text/event-stream", "cache-control": "no-store" },
      afterMs: 0,
    };
  return { path: predictionPath(prediction.id), headers: {}, afterMs: POLL_MS };
}

/** Reads a finished prediction whose output is text, in one piece or in many. It does not say why the text ended. */
export function decodeChat(body: Json): ChatResponse {
  const prediction = finishedPrediction(body);
  const texts = textsOf(prediction.output);
  if (texts === null)
    throw new GatewayError("provider_protocol_error", "the output of the model is no text: it is none for chat");
  const text = texts.join("");
  const usage = tokensOf(prediction);
  return {
    id: prediction.id,
    model: "",
    createdAt: prediction.createdAt ?? 0,
    candidates: [
      {
        index: 0,
        items: text === "" ? [] : [{ type: "message", role: "assistant", content: [{ type: "text", text }] }],
        finishReason: "stop",
      },
    ],
    ...(usage !== undefined && { usage }),
  };
}
