import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectsOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type { Usage } from "../../../canonical/usage.ts";
import { decodeUsage } from "../usage.ts";

/** What `generateContent` brought: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
export interface Generated {
  text: string;
  media: { mediaType: string; base64: string }[];
  usage: Usage | undefined;
  /** Why there is nothing, in the provider's words. */
  reason: string;
}

/** Reads texts and media of all candidates; thoughts are left out. */
export function decodeGenerated(answer: TaskWireAnswer): Generated {
  const body = answer.json();
  if (!isJsonObject(body)) throw new GatewayError("provider_protocol_error", "the provider's answer is no object");
  const generated: Generated = { text: "", media: [], usage: decodeUsage(body["usageMetadata"], 0), reason: "" };
  const feedback = body["promptFeedback"];
  generated.reason = wordOf(isJsonObject(feedback) ? feedback["blockReason"] : undefined);
  for (const candidate of objectsOf(body["candidates"])) {
    const { content, finishReason } = candidate;
    generated.reason ||= wordOf(finishReason);
    for (const part of objectsOf(isJsonObject(content) ? content["parts"] : undefined)) addPart(part, generated);
  }
  return generated;
}

function addPart({ text, inlineData, thought }: JsonObject, generated: Generated): void {
  if (thought === true) return;
  if (typeof text === "string") generated.text += text;
  if (!isJsonObject(inlineData) || typeof inlineData["data"] !== "string") return;
  generated.media.push({ mediaType: wordOf(inlineData["mimeType"]), base64: inlineData["data"] });
}

/** The error of an answer without what it was asked for. */
export function nothingGenerated(what: string, { reason, text }: Generated): GatewayError {
  const why = reason === "" || reason === "STOP" ? text.slice(0, 200) : reason;
  const message = `the provider made no ${what}: ${why}`;
  return new GatewayError("upstream_unprocessable", message, { upstream: { status: 422, message } });
}

function wordOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
