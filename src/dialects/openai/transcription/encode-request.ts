import { given } from "../../../canonical/given.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { TranscriptionRequest } from "../../../canonical/tasks/transcription.ts";
import type { Warning } from "../../../canonical/warning.ts";
import { fieldParts, filePart } from "../form-parts.ts";

/** Writes the form of a transcription or translation. */
export function encodeTranscription(request: TranscriptionRequest, path: string, warnings: Warning[]): EncodedTask {
  warnLeftOut(warnings, request, "openai", []);
  const { model, language, prompt, format, temperature, granularities, stream, audio } = request;
  const fields: JsonObject = {
    ...request.extensions.openai,
    model,
    response_format: format,
    ...given({ language, prompt, temperature, timestamp_granularities: granularities, stream: stream || undefined }),
  };
  const form = fieldParts(fields);
  if (audio.type === "url") form.push({ name: "url", data: Buffer.from(audio.url) });
  else form.push(filePart("file", mediaBytes(audio, "file")));
  return { path, body: { form }, headers: {} };
}
