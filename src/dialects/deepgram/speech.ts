import type { TargetContext } from "../../canonical/dialect.ts";
import type { EncodedTask, TaskProviderSide } from "../../canonical/task.ts";
import type { SpeechAnswer, SpeechFormat, SpeechRequest } from "../../canonical/tasks/speech.ts";
import { unitUsage, type Usage } from "../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../canonical/warn-unsupported.ts";

/** https://developers.deepgram.com/docs/tts-media-output-settings */
const FORMATS: Readonly<Record<SpeechFormat, string>> = {
  mp3: "encoding=mp3",
  opus: "encoding=opus&container=ogg",
  ogg: "encoding=opus&container=ogg",
  mulaw: "encoding=mulaw&container=none&sample_rate=8000",
  aac: "encoding=aac",
  flac: "encoding=flac",
  wav: "encoding=linear16&container=wav&sample_rate=24000",
  pcm: "encoding=linear16&container=none&sample_rate=24000",
};

/** `POST /v1/speak`; the model's name holds the voice: https://developers.deepgram.com/reference/text-to-speech/speak-request */
export const speech: TaskProviderSide<SpeechRequest, SpeechAnswer> = {
  encodeRequest,
  answerForm: () => "bytes",
  bytesUsage: usageOf,
  decodeResponse: ({ bytes, contentType }, request) => ({ audio: bytes, contentType, usage: usageOf(request) }),
};

/** Billed by the character. */
function usageOf({ input }: SpeechRequest): Usage {
  return unitUsage({ characters: input.length });
}

function encodeRequest(request: SpeechRequest, { model, warnings }: TargetContext): EncodedTask {
  const { input, format, speed, voice, instructions, extensions } = request;
  warnUnsupported(warnings, { voice, instructions });
  warnForeign(warnings, extensions, "deepgram");
  const rate = speed === undefined ? "" : `&speed=${speed}`;
  const path = `/speak?model=${encodeURIComponent(model)}&${FORMATS[format]}${rate}`;
  return { path, body: { json: { text: input } }, headers: {} };
}
