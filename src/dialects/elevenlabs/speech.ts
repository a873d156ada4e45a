import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { EncodedTask, TaskProviderSide } from "../../canonical/task.ts";
import { invalidField } from "../../canonical/task-fields.ts";
import type { SpeechAnswer, SpeechFormat, SpeechRequest } from "../../canonical/tasks/speech.ts";
import { unitUsage, type Usage } from "../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { addWarning } from "../../canonical/warning.ts";

const OTHER = "mp3_44100_128";

/** `output_format`: codec, sample rate and bit rate. */
const FORMATS: Readonly<Partial<Record<SpeechFormat, string>>> = {
  mp3: OTHER,
  opus: "opus_48000_128",
  ogg: "opus_48000_128",
  mulaw: "ulaw_8000",
  wav: "wav_24000",
  pcm: "pcm_24000",
};

/** `POST /v1/text-to-speech/{voice_id}`, where it can with `/stream`: https://elevenlabs.io/docs/api-reference/text-to-speech/stream */
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
  const { voice, input, format, speed, instructions, extensions } = request;
  if (voice === undefined || voice === "") throw invalidField("voice", "the id of a voice at ElevenLabs");
  const known = FORMATS[format];
  if (known === undefined) {
    addWarning(warnings, { code: "changed_field", field: "response_format", message: `${format} is not offered: mp3` });
  }
  warnUnsupported(warnings, { instructions });
  warnForeign(warnings, extensions, "elevenlabs");
  const json: JsonObject = { ...extensions.elevenlabs, text: input, model_id: model };
  if (speed !== undefined) json["voice_settings"] = { speed };
  // Streams have no WAV.
  const kind = format === "wav" ? "" : "/stream";
  const path = `/text-to-speech/${encodeURIComponent(voice)}${kind}?output_format=${known ?? OTHER}`;
  return { path, body: { json }, headers: {} };
}
