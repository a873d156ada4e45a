import type { TargetContext } from "../../../canonical/dialect.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type JsonObject } from "../../../canonical/json.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask, TaskCodec, TaskWire, TaskWireAnswer } from "../../../canonical/task.ts";
import { TaskFields } from "../../../canonical/task-fields.ts";
import type {
  TranscriptionAnswer,
  TranscriptionRequest,
  TranscriptSegment,
} from "../../../canonical/tasks/transcription.ts";
import { secondsOf, weighTranscription } from "../../../canonical/tasks/weigh-transcription.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import { faultToError } from "../errors.ts";
import { AI_GATEWAY, numberOf, objectsOf, textOf } from "../wire.ts";
import { modelHeaders, modelIn, protocolError } from "./model-headers.ts";
import { OpenAiOptions } from "./openai-options.ts";
import { encodeProviderOptions } from "./provider-options.ts";

const PATH = "/transcription-model";
const headersFor = (model: string): Record<string, string> => modelHeaders("transcription", model);

/** `gateway-transcription-model.ts` of @ai-sdk/gateway 3.0. */
export const transcription: TaskCodec<TranscriptionRequest, TranscriptionAnswer> = {
  decodeRequest,
  weigh: weighTranscription,
  encodeRequest,
  relayPath: () => PATH,
  relayHeaders: headersFor,
  modelInBody: false,
  decodeResponse,
  encodeResponse: (answer) => ({ contentType: "application/json", body: JSON.stringify(encodeTranscript(answer)) }),
};

/** What a client says beyond the recording stands in the options of OpenAI's own provider. */
function decodeRequest(wire: TaskWire): TranscriptionRequest {
  const fields = new TaskFields(wire);
  const data = Buffer.from(fields.text("audio", true), "base64");
  const mediaType = fields.text("mediaType") ?? "audio/mpeg";
  const options = new OpenAiOptions(wire);
  const granularities = options.words("timestampGranularities", ["word", "segment"]);
  const request: TranscriptionRequest = {
    model: modelIn(wire),
    stream: false,
    audio: { type: "bytes", data, filename: `audio.${endingOf(mediaType)}`, mediaType },
    // Times come in one form alone, which not every model writes.
    format: granularities === undefined ? "json" : "verbose_json",
    extensions: {},
    warnings: [],
    ...given({
      language: options.text("language"),
      prompt: options.text("prompt"),
      temperature: options.number("temperature"),
      granularities,
    }),
  };
  fields.value("providerOptions");
  request.extensions = { [AI_GATEWAY]: { ...fields.rest(), ...options.rest() } };
  return request;
}

/** Endings of types that are called otherwise. */
const ENDINGS: Readonly<Record<string, string>> = { mpeg: "mp3", "x-wav": "wav", "x-m4a": "m4a", mp4: "m4a" };

function endingOf(mediaType: string): string {
  const kind = /^\w+\/([\w-]{1,20})/.exec(mediaType)?.[1] ?? "mpeg";
  return Object.hasOwn(ENDINGS, kind) ? (ENDINGS[kind] ?? kind) : kind;
}

function encodeRequest(request: TranscriptionRequest, target: TargetContext): EncodedTask {
  const { audio, language, prompt, temperature, granularities, format, extensions } = request;
  const { data, mediaType } = mediaBytes(audio, "file");
  warnForeign(target.warnings, extensions, AI_GATEWAY);
  warnUnsupported(target.warnings, { diarized_json: format === "diarized_json" ? format : undefined });
  const openai = given({ language, prompt, temperature, timestampGranularities: granularities });
  const json: JsonObject = {
    ...extensions[AI_GATEWAY],
    ...encodeProviderOptions({ openai }, extensions[AI_GATEWAY]),
    audio: Buffer.from(data).toString("base64"),
    mediaType,
  };
  return { path: PATH, body: { json }, headers: headersFor(target.model) };
}

function decodeResponse(answer: TaskWireAnswer, request: TranscriptionRequest): TranscriptionAnswer {
  const body = answer.json();
  if (isJsonObject(body) && body["error"] != null) throw faultToError(body["error"]);
  if (!isJsonObject(body) || typeof body["text"] !== "string") throw protocolError("it has no `text`");
  const duration = numberOf(body["durationInSeconds"]);
  const segments = objectsOf(body["segments"]).flatMap(segmentOf);
  return {
    text: body["text"],
    usage: unitUsage({ audio_seconds: duration ?? secondsOf(request) }),
    ...(segments.length > 0 && { segments }),
    ...given({ duration, language: textOf(body["language"]) }),
  };
}

function segmentOf({ text, startSecond: start, endSecond: end }: JsonObject): TranscriptSegment[] {
  if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
  return [{ text, start, end }];
}

function encodeTranscript({ text, segments, words, language, duration }: TranscriptionAnswer): JsonObject {
  const spans = segments ?? (words ?? []).map(({ word, start, end }) => ({ text: word, start, end }));
  return {
    text,
    segments: spans.map(({ text: said, start, end }) => ({ text: said, startSecond: start, endSecond: end })),
    ...given({ language, durationInSeconds: duration }),
    warnings: [],
  };
}
