import type { TargetContext } from "../../../canonical/dialect.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../../canonical/task.ts";
import type { SpeechAnswer, SpeechRequest } from "../../../canonical/tasks/speech.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { OPENAI_VOICES } from "../../../canonical/voices.ts";
import { warnForeign, warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import { addWarning } from "../../../canonical/warning.ts";
import { wavOf } from "../../../lib/wav.ts";
import { rateOf } from "../media-type.ts";
import { methodPath } from "../paths.ts";
import { decodeGenerated, nothingGenerated } from "./generated.ts";

/** Where the answer does not say. */
const RATE = 24_000;
const DEFAULT_VOICE = "Kore";

/** Speech by `generateContent` with the modality AUDIO: https://ai.google.dev/gemini-api/docs/speech-generation */
export const speech: TaskProviderSide<SpeechRequest, SpeechAnswer> = { encodeRequest, decodeResponse };

function encodeRequest(request: SpeechRequest, { model, warnings }: TargetContext): EncodedTask {
  const { input, instructions, speed, format, extensions } = request;
  warnUnsupported(warnings, { speed });
  warnForeign(warnings, extensions, "gemini");
  if (format !== "wav" && format !== "pcm") {
    addWarning(warnings, { code: "changed_field", field: "response_format", message: `${format} is not offered: wav` });
  }
  const voiceConfig = { prebuiltVoiceConfig: { voiceName: voiceOf(request, { warnings }) } };
  const text = instructions === undefined ? input : `${instructions}: ${input}`;
  const json: JsonObject = {
    ...extensions.gemini,
    contents: [{ role: "user", parts: [{ text }] }],
    generationConfig: { responseModalities: ["AUDIO"], speechConfig: { voiceConfig } },
  };
  return { path: methodPath(model, "generateContent"), body: { json }, headers: {} };
}

function voiceOf({ voice }: SpeechRequest, { warnings }: Pick<TargetContext, "warnings">): string {
  if (voice === undefined) return DEFAULT_VOICE;
  if (!OPENAI_VOICES.has(voice)) return voice;
  addWarning(warnings, {
    code: "changed_field",
    field: "voice",
    message: `${voice} is a voice of OpenAI: ${DEFAULT_VOICE}`,
  });
  return DEFAULT_VOICE;
}

/** Samples come bare (`audio/L16;codec=pcm;rate=24000`, little-endian); clients get them in a WAV file unless they want them so. */
function decodeResponse(answer: TaskWireAnswer, request: SpeechRequest): SpeechAnswer {
  const generated = decodeGenerated(answer);
  const found = generated.media.filter(({ mediaType }) => mediaType.startsWith("audio/"));
  const first = found[0];
  if (first === undefined) throw nothingGenerated("speech", generated);
  const audio = Buffer.concat(found.map(({ base64 }) => Buffer.from(base64, "base64")));
  const usage = generated.usage ?? unitUsage({ characters: request.input.length });
  if (!/^audio\/(?:l16|pcm)/i.test(first.mediaType)) return { audio, contentType: first.mediaType, usage };
  if (request.format === "pcm") return { audio, contentType: "audio/pcm", usage };
  return { audio: wavOf(audio, rateOf(first.mediaType, RATE), 16, 1), contentType: "audio/wav", usage };
}
