import type { Part } from "../../../canonical/content.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWeight, TaskWire } from "../../../canonical/task.ts";
import type { ModerationInput, ModerationRequest } from "../../../canonical/tasks/moderation.ts";

/** What a request without a model asks for (https://platform.openai.com/docs/api-reference/moderations/create). */
const DEFAULT_MODEL = "omni-moderation-latest";
const CHARACTERS_PER_TOKEN = 4;
/** What one image is taken for. */
const IMAGE_TOKENS = 1200;

/**
 * Reads a request: a text, texts, parts of one input, or conversations, which Mistral has on this wire
 * (https://docs.mistral.ai/api/endpoint/classifiers).
 */
export function decodeRequest({ body }: TaskWire): ModerationRequest {
  const { model = DEFAULT_MODEL, input, ...rest } = body;
  if (typeof model !== "string" || model === "") throw invalid("model", "a text that names a model");
  const inputs = inputsOf(input);
  const isSingle = typeof input === "string" || (inputs.length === 1 && isOne(input));
  return { model, stream: false, inputs, isSingle, extensions: { openai: rest }, warnings: [] };
}

/** A list of messages or of parts is one input; a list of lists, or of texts, holds several. */
function isOne(input: Json | undefined): boolean {
  return Array.isArray(input) && isJsonObject(input[0]);
}

function inputsOf(input: Json | undefined): ModerationInput[] {
  if (typeof input === "string") return [{ type: "text", text: input }];
  if (!Array.isArray(input) || input.length === 0)
    throw invalid("input", "a text, or a list of texts, parts or messages");
  if (!isOne(input)) return input.map((each, at) => inputOf(each, `input[${at}]`));
  return [objectsOf(input, "input")];
}

function inputOf(input: Json, place: string): ModerationInput {
  if (typeof input === "string") return { type: "text", text: input };
  if (!Array.isArray(input) || input.length === 0) throw invalid(place, "a text or a list of messages");
  return objectsOf(input, place);
}

/** Messages have a role, parts have none. */
function objectsOf(list: readonly Json[], place: string): ModerationInput {
  const objects = list.filter(isJsonObject);
  if (objects.length < list.length) throw invalid(place, "all of texts, or all of objects");
  if (objects.some(({ role }) => typeof role === "string")) return { type: "conversation", messages: objects };
  return { type: "parts", parts: objects.map((object, at) => partOf(object, `${place}[${at}]`)) };
}

function partOf({ type, text, image_url: image }: JsonObject, place: string): Part {
  if (type === "text" && typeof text === "string") return { type: "text", text };
  const url = isJsonObject(image) ? image["url"] : undefined;
  if (type !== "image_url" || typeof url !== "string") throw invalid(place, "a text or an image");
  return { type: "image", source: { type: "url", url } };
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

/** Estimate by length; images count by the piece. */
export function weigh({ inputs }: ModerationRequest): TaskWeight {
  let inputTokens = 0;
  let hasImages = false;
  for (const input of inputs) {
    if (input.type === "text") inputTokens += tokensOf(input.text);
    else if (input.type === "conversation") inputTokens += tokensOf(JSON.stringify(input.messages));
    else {
      for (const part of input.parts) {
        if (part.type === "image") hasImages = true;
        inputTokens += part.type === "text" ? tokensOf(part.text) : IMAGE_TOKENS;
      }
    }
  }
  return { inputTokens, outputTokens: 0, hasImages };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
