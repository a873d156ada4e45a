import type { ChatProviderSide, ErrorCodec } from "../../canonical/dialect.ts";
import type { Tasks } from "../../canonical/task.ts";
import { decodeChat, followChat } from "./decode-chat.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeChat } from "./encode-chat.ts";
import { image, imageEdit } from "./image.ts";
import { video, videoContent, videoDelete, videoStatus } from "./video.ts";

/**
 * Chat with language models at Replicate, for which there is no API of its own: a prediction whose input is a conversation.
 * `errors`: its `{title, detail, status}` is one of the shapes that hosts of OpenAI's API have.
 * https://replicate.com/docs/reference/http
 */
export function replicateWith(errors: ErrorCodec): ChatProviderSide {
  return {
    name: "replicate",
    framing: "sse",
    encodeRequest: encodeChat,
    followUp: followChat,
    decodeResponse: decodeChat,
    createStreamDecoder,
    encodeError: (error) => errors.encodeError(error),
    decodeError: (status, body, headers) => errors.decodeError(status, body, headers),
  };
}

/** Predictions of images and videos: https://replicate.com/docs/topics/predictions */
export const replicateTasks: Tasks = {
  image,
  image_edit: imageEdit,
  video,
  video_content: videoContent,
  video_delete: videoDelete,
  video_status: videoStatus,
};
