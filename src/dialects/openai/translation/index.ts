import type { TaskCodec } from "../../../canonical/task.ts";
import type { TranscriptionAnswer, TranscriptionRequest } from "../../../canonical/tasks/transcription.ts";
import { weighTranscription } from "../../../canonical/tasks/weigh-transcription.ts";
import { decodeTranslation } from "../transcription/decode-request.ts";
import { decodeTranscript } from "../transcription/decode-response.ts";
import { encodeTranscription } from "../transcription/encode-request.ts";
import { encodeTranscript } from "../transcription/encode-response.ts";

const PATH = "/audio/translations";

/** `POST /audio/translations`: https://platform.openai.com/docs/api-reference/audio/createTranslation */
export const translation: TaskCodec<TranscriptionRequest, TranscriptionAnswer> = {
  decodeRequest: decodeTranslation,
  weigh: weighTranscription,
  encodeRequest: (request, { warnings }) => encodeTranscription(request, PATH, warnings),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: decodeTranscript,
  encodeResponse: encodeTranscript,
};
