import type { Frame, TargetContext } from "../../../canonical/dialect.ts";
import { eventData } from "../../../canonical/event-data.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask, TaskCodec, TaskEvent, TaskWire } from "../../../canonical/task.ts";
import { invalidField, TaskFields } from "../../../canonical/task-fields.ts";
import { SPEECH_FORMATS, type SpeechAnswer, type SpeechRequest } from "../../../canonical/tasks/speech.ts";
import { speechUsage, weighSpeech } from "../../../canonical/tasks/weigh-speech.ts";
import { sseEvent } from "../../../lib/sse-write.ts";
import { decodeMediaUsage, encodeMediaUsage } from "../media-usage.ts";
import { streamFault } from "../stream-fault.ts";

const PATH = "/audio/speech";

/** `POST /audio/speech`: audio as it is made, or with `stream_format: sse` events: https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const speech: TaskCodec<SpeechRequest, SpeechAnswer> = {
  decodeRequest,
  weigh: weighSpeech,
  encodeRequest,
  answerForm: ({ stream }) => (stream ? "events" : "bytes"),
  bytesUsage: speechUsage,
  createEventReader: (request) => ({ read: (frame) => readEvent(frame, request) }),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: ({ bytes, contentType }, request) => ({ audio: bytes, contentType, usage: speechUsage(request) }),
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

function encodeRequest(request: SpeechRequest, { warnings }: TargetContext): EncodedTask {
  warnLeftOut(warnings, request, "openai", []);
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
  if (usage === undefined) return { type: "end", usage: speechUsage(request) };
  return { type: "end", usage: { ...usage, audioOutputTokens: usage.outputTokens } };
}

function encodeEvents({ audio, usage }: SpeechAnswer): string {
  const delta = { type: "speech.audio.delta", audio: Buffer.from(audio).toString("base64") };
  const done = { type: "speech.audio.done", usage: encodeMediaUsage(usage) };
  return sseEvent("", JSON.stringify(delta)) + sseEvent("", JSON.stringify(done));
}
