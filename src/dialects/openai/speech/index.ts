import type { Frame } from "../../../canonical/dialect.ts";
import { eventData } from "../../../canonical/event-data.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { EncodedTask, TaskCodec, TaskEvent, TaskWeight, TaskWire } from "../../../canonical/task.ts";
import { invalidField, TaskFields } from "../../../canonical/task-fields.ts";
import { SPEECH_FORMATS, type SpeechAnswer, type SpeechRequest } from "../../../canonical/tasks/speech.ts";
import { emptyUsage, unitUsage, type Usage } from "../../../canonical/usage.ts";
import { sseEvent } from "../../../lib/sse-write.ts";
import { decodeMediaUsage, encodeMediaUsage } from "../media-usage.ts";
import { streamFault } from "../stream-fault.ts";

const PATH = "/audio/speech";

/** `POST /audio/speech`: audio as it is made, or with `stream_format: sse` events: https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const speech: TaskCodec<SpeechRequest, SpeechAnswer> = {
  decodeRequest,
  weigh,
  encodeRequest,
  answerForm: ({ stream }) => (stream ? "events" : "bytes"),
  bytesUsage: usageOf,
  createEventReader: (request) => ({ read: (frame) => readEvent(frame, request) }),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: ({ bytes, contentType }, request) => ({ audio: bytes, contentType, usage: usageOf(request) }),
  encodeResponse: ({ audio, contentType }) => ({ contentType, body: audio }),
  encodeEvents,
};

function decodeRequest(wire: TaskWire): SpeechRequest {
  const fields = new TaskFields(wire);
  const request: SpeechRequest = {
    model: fields.text("model", true),
    input: fields.text("input", true),
    format: fields.oneOf("response_format", SPEECH_FORMATS) ?? "mp3",
    stream: fields.oneOf("stream_format", ["sse", "audio"]) === "sse",
    extensions: {},
    warnings: [],
    ...given({ instructions: fields.text("instructions"), speed: fields.number("speed", 0) }),
  };
  const voice = voiceOf(fields.value("voice"));
  if (voice !== undefined) request.voice = voice;
  request.extensions = { openai: fields.rest() };
  return request;
}

/** A name, or `{id}` of a voice of one's own. */
function voiceOf(value: Json | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (isJsonObject(value) && typeof value["id"] === "string") return value["id"];
  throw invalidField("voice", "the name of a voice, or an object with its `id`");
}

const CHARACTERS_PER_TOKEN = 4;
/**
 * Speech has about 15 characters a second and, by the price list, 1,250 audio tokens a minute ($0.015 at $12 a million):
 * https://platform.openai.com/docs/pricing
 */
const AUDIO_TOKENS_PER_CHARACTER = 1.4;
/** Of slow speech. */
const MOST_AUDIO_TOKENS_PER_CHARACTER = 2.5;

/** Characters are exact, tokens an upper estimate. */
function weigh({ input, instructions = "" }: SpeechRequest): TaskWeight {
  return {
    inputTokens: Math.ceil((input.length + instructions.length) / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(input.length * MOST_AUDIO_TOKENS_PER_CHARACTER),
    hasImages: false,
    units: { characters: input.length },
  };
}

/** OpenAI's models that are billed by tokens; all others, of other hosts too, by characters. */
const BY_TOKENS = /(?:^|\/)gpt-/;

/** Audio comes without usage: characters are exact, tokens estimated. */
function usageOf({ model, input, instructions = "" }: SpeechRequest): Usage {
  if (!BY_TOKENS.test(model)) return unitUsage({ characters: input.length });
  const outputTokens = Math.ceil(input.length * AUDIO_TOKENS_PER_CHARACTER);
  const inputTokens = Math.ceil((input.length + instructions.length) / CHARACTERS_PER_TOKEN);
  return { ...emptyUsage(), inputTokens, outputTokens, audioOutputTokens: outputTokens };
}

function encodeRequest(request: SpeechRequest): EncodedTask {
  const { model, input, voice, instructions, format, speed, stream } = request;
  const json: JsonObject = {
    ...request.extensions.openai,
    model,
    input,
    ...given({ voice, instructions, speed, stream_format: stream ? "sse" : undefined }),
    response_format: format,
  };
  return { path: PATH, body: { json }, headers: {} };
}

/** `speech.audio.delta` and `speech.audio.done`: https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event */
function readEvent(frame: Frame, request: SpeechRequest): TaskEvent {
  const event = eventData(frame);
  if (event === null) return { type: "other" };
  const error = streamFault(event);
  if (error !== null) return { type: "error", error };
  if (event["type"] === "speech.audio.delta") return { type: "content" };
  if (event["type"] !== "speech.audio.done") return { type: "other" };
  const usage = decodeMediaUsage(event["usage"]);
  if (usage === undefined) return { type: "end", usage: usageOf(request) };
  return { type: "end", usage: { ...usage, audioOutputTokens: usage.outputTokens } };
}

function encodeEvents({ audio, usage }: SpeechAnswer): string {
  const delta = { type: "speech.audio.delta", audio: Buffer.from(audio).toString("base64") };
  const done = { type: "speech.audio.done", usage: encodeMediaUsage(usage) };
  return sseEvent("", JSON.stringify(delta)) + sseEvent("", JSON.stringify(done));
}
