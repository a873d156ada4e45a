import type { TargetContext } from "../../../canonical/dialect.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type JsonObject } from "../../../canonical/json.ts";
import type { EncodedTask, TaskCodec, TaskWire, TaskWireAnswer } from "../../../canonical/task.ts";
import { TaskFields } from "../../../canonical/task-fields.ts";
import {
  SPEECH_FORMATS,
  type SpeechAnswer,
  type SpeechFormat,
  type SpeechRequest,
} from "../../../canonical/tasks/speech.ts";
import { speechUsage, weighSpeech } from "../../../canonical/tasks/weigh-speech.ts";
import { warnForeign } from "../../../canonical/warn-unsupported.ts";
import { addWarning, type Warning } from "../../../canonical/warning.ts";
import { faultToError } from "../errors.ts";
import { AI_GATEWAY } from "../wire.ts";
import { modelHeaders, modelIn, protocolError } from "./model-headers.ts";

const PATH = "/speech-model";
const headersFor = (model: string): Record<string, string> => modelHeaders("speech", model);

/** `gateway-speech-model.ts` of @ai-sdk/gateway 3.0: the audio comes whole, in base64. */
export const speech: TaskCodec<SpeechRequest, SpeechAnswer> = {
  decodeRequest,
  weigh: weighSpeech,
  encodeRequest,
  relayPath: () => PATH,
  relayHeaders: headersFor,
  modelInBody: false,
  decodeResponse,
  encodeResponse: ({ audio }) => {
    const body = { audio: Buffer.from(audio).toString("base64"), warnings: [] };
    return { contentType: "application/json", body: JSON.stringify(body) };
  },
};

function decodeRequest(wire: TaskWire): SpeechRequest {
  const fields = new TaskFields(wire);
  const warnings: Warning[] = [];
  const request: SpeechRequest = {
    model: modelIn(wire),
    stream: false,
    input: fields.text("text", true),
    format: formatOf(fields.text("outputFormat"), warnings),
    extensions: {},
    warnings,
    ...given({
      voice: fields.text("voice"),
      instructions: fields.text("instructions"),
      speed: fields.number("speed", 0),
    }),
  };
  request.extensions = { [AI_GATEWAY]: fields.rest() };
  return request;
}

/** Formats are free text there. */
function formatOf(text: string | undefined, warnings: Warning[]): SpeechFormat {
  const found = SPEECH_FORMATS.find((each) => each === text);
  if (found !== undefined || text === undefined) return found ?? "mp3";
  addWarning(warnings, { code: "changed_field", field: "outputFormat", message: `${text} is not known: mp3` });
  return "mp3";
}

function encodeRequest(request: SpeechRequest, target: TargetContext): EncodedTask {
  const { input, voice, instructions, format, speed, extensions } = request;
  warnForeign(target.warnings, extensions, AI_GATEWAY);
  const json: JsonObject = {
    ...extensions[AI_GATEWAY],
    text: input,
    outputFormat: format,
    ...given({ voice, instructions, speed }),
  };
  return { path: PATH, body: { json }, headers: headersFor(target.model) };
}

const TYPES: Readonly<Partial<Record<SpeechFormat, string>>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg",
  ogg: "audio/ogg",
};

function decodeResponse(answer: TaskWireAnswer, request: SpeechRequest): SpeechAnswer {
  const body = answer.json();
  if (isJsonObject(body) && body["error"] != null) throw faultToError(body["error"]);
  const audio = isJsonObject(body) ? body["audio"] : undefined;
  if (typeof audio !== "string") throw protocolError("it has no `audio`");
  const contentType = TYPES[request.format] ?? `audio/${request.format}`;
  return { audio: Buffer.from(audio, "base64"), contentType, usage: speechUsage(request) };
}
