import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { TaskCodec } from "../../../canonical/task.ts";
import { TaskFields } from "../../../canonical/task-fields.ts";
import type { ImageAnswer, ImageVariationRequest } from "../../../canonical/tasks/image.ts";
import { fieldParts, filePart } from "../form-parts.ts";
import { decodeImages, encodeImages } from "../image/answer.ts";
import { weighImages } from "../../../canonical/tasks/weigh-images.ts";
import { decodeOptions, encodeOptions } from "../image/options.ts";

const PATH = "/images/variations";

/** `POST /images/variations`: https://platform.openai.com/docs/api-reference/images/createVariation */
export const imageVariation: TaskCodec<ImageVariationRequest, ImageAnswer> = {
  decodeRequest(wire) {
    const fields = new TaskFields(wire);
    const options = { ...decodeOptions(fields), stream: false };
    return { ...options, image: fields.file("image", true), extensions: { openai: fields.rest() } };
  },
  weigh: (request) => weighImages(request, "", 1),
  encodeRequest: (request, { warnings }) => ({
    path: PATH,
    body: {
      form: [...fieldParts(encodeOptions(request, warnings)), filePart("image", mediaBytes(request.image, "image"))],
    },
    headers: {},
  }),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: decodeImages,
  encodeResponse: encodeImages,
};
