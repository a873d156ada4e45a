import type { Part } from "../../../canonical/content.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { ModerationInput, ModerationRequest } from "../../../canonical/tasks/moderation.ts";

/** Conversations have a path of their own (https://docs.mistral.ai/api/endpoint/classifiers). */
export function moderationPath({ inputs }: Pick<ModerationRequest, "inputs">): string {
  return inputs.some(({ type }) => type === "conversation") ? "/chat/moderations" : "/moderations";
}

/** Writes a request. */
export function encodeRequest(request: ModerationRequest, target: TargetContext): EncodedTask {
  const { inputs, isSingle, extensions } = request;
  const input = inputs.map(wireInput);
  const body: JsonObject = { ...extensions.openai, model: target.model, input: isSingle ? (input[0] ?? "") : input };
  warnLeftOut(target.warnings, request, "openai", []);
  return { path: moderationPath(request), body: { json: body }, headers: {} };
}

function wireInput(input: ModerationInput): Json {
  if (input.type === "text") return input.text;
  return input.type === "conversation" ? input.messages : input.parts.map(wirePart);
}

function wirePart(part: Part): JsonObject {
  if (part.type === "text") return { type: "text", text: part.text };
  const url = part.type === "image" && part.source.type === "url" ? part.source.url : "";
  return { type: "image_url", image_url: { url } };
}
