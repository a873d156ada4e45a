import type { TaskWeight } from "../task.ts";
import type { ImageOptions } from "./image.ts";

const CHARACTERS_PER_TOKEN = 4;
/** Tokens of a portrait image of high quality, the dearest: https://platform.openai.com/docs/guides/image-generation#cost-and-latency */
const IMAGE_TOKENS = 6240;
/** Each unfinished image of a stream (same page). */
const PARTIAL_TOKENS = 100;
/** An image that goes in, at high fidelity and 1024 by 1536: https://platform.openai.com/docs/guides/images-vision#calculating-costs */
const INPUT_IMAGE_TOKENS = 6500;

/** Worst case: output at the highest quality. */
export function weighImages({ n = 1, partialImages = 0 }: ImageOptions, prompt: string, inputs: number): TaskWeight {
  return {
    inputTokens: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + inputs * INPUT_IMAGE_TOKENS,
    outputTokens: Math.ceil(n) * (IMAGE_TOKENS + Math.ceil(partialImages) * PARTIAL_TOKENS),
    hasImages: inputs > 0,
    units: { images: Math.ceil(n) },
  };
}
