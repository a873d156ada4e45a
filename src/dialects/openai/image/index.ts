import type { TaskCodec } from "../../../canonical/task.ts";
import { TaskFields } from "../../../canonical/task-fields.ts";
import type { ImageAnswer, ImageRequest } from "../../../canonical/tasks/image.ts";
import { decodeImages, encodeImageEvents, encodeImages } from "./answer.ts";
import { ImageEventReader } from "./event-reader.ts";
import { weighImages } from "../../../canonical/tasks/weigh-images.ts";
import { decodeOptions, encodeOptions } from "./options.ts";

const PATH = "/images/generations";

/** `POST /images/generations`: https://platform.openai.com/docs/api-reference/images/create */
export const image: TaskCodec<ImageRequest, ImageAnswer> = {
  decodeRequest(wire) {
    const fields = new TaskFields(wire);
    const request: ImageRequest = { ...decodeOptions(fields), prompt: fields.text("prompt", true) };
    request.extensions = { openai: fields.rest() };
    return request;
  },
  weigh: (request) => weighImages(request, request.prompt, 0),
  encodeRequest: (request, { warnings }) => ({
    path: PATH,
    body: { json: { ...encodeOptions(request, warnings), prompt: request.prompt } },
    headers: {},
  }),
  answerForm: ({ stream }) => (stream ? "events" : "whole"),
  createEventReader: (request) => new ImageEventReader(request),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: decodeImages,
  encodeResponse: encodeImages,
  encodeEvents: encodeImageEvents("image_generation"),
};
