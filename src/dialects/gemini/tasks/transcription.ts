import type { TargetContext } from "../../../canonical/dialect.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../../canonical/task.ts";
import type { TranscriptionAnswer, TranscriptionRequest } from "../../../canonical/tasks/transcription.ts";
import { given } from "../../../canonical/given.ts";
import { audioDuration } from "../../../lib/audio-duration.ts";
import { warnForeign, warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import { methodPath } from "../paths.ts";
import { decodeGenerated, nothingGenerated } from "./generated.ts";
import { inlinePart } from "./image.ts";

type Side = TaskProviderSide<TranscriptionRequest, TranscriptionAnswer>;

/** A transcript by a chat that hears: https://ai.google.dev/gemini-api/docs/audio. There are no times in it. */
export const transcription: Side = sideFor("Write down what is said in this recording, word for word.");

/** The same into English. */
export const translation: Side = sideFor("Translate what is said in this recording into English.");

function sideFor(order: string): Side {
  return { encodeRequest: (request, target) => encodeRequest(request, target, order), decodeResponse };
}

function encodeRequest(request: TranscriptionRequest, target: TargetContext, order: string): EncodedTask {
  const { audio, language, prompt, temperature = 0, granularities, extensions } = request;
  const { model, warnings } = target;
  warnUnsupported(warnings, { timestamp_granularities: granularities });
  warnForeign(warnings, extensions, "gemini");
  const hints = [
    order,
    "Answer with nothing but that text.",
    language === undefined ? "" : `The speech is in the language with the code ${language}.`,
    prompt === undefined ? "" : `What may help: ${prompt}`,
  ];
  const text = hints.filter((hint) => hint !== "").join(" ");
  const json: JsonObject = {
    ...extensions.gemini,
    contents: [{ role: "user", parts: [{ text }, inlinePart(audio, "file")] }],
    generationConfig: { temperature },
  };
  return { path: methodPath(model, "generateContent"), body: { json }, headers: {} };
}

function decodeResponse(answer: TaskWireAnswer, { audio }: TranscriptionRequest): TranscriptionAnswer {
  const generated = decodeGenerated(answer);
  const { text, usage, reason } = generated;
  if (text === "" && reason !== "STOP") throw nothingGenerated("transcript", generated);
  const duration = audio.type === "bytes" ? audioDuration(audio.data) : undefined;
  return { text: text.trim(), ...given({ usage, duration }) };
}
