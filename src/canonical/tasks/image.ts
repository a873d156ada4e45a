import type { Extensions } from "../content.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";
import type { MediaInput } from "./media-input.ts";

/** What requests for images have in common. */
export interface ImageOptions extends CallRequest {
  /** Images wanted; absent: one. */
  n?: number;
  /** `WIDTHxHEIGHT` in pixels, or `auto`. */
  size?: string;
  /** `WIDTH:HEIGHT`, where no size is wanted. */
  aspectRatio?: string;
  /** In the provider's own words, such as `high` or `hd`. */
  quality?: string;
  /** `png`, `jpeg`, `webp`, or what else a provider writes. */
  format?: string;
  /** Percent, of lossy formats. */
  compression?: number;
  /** `transparent`, `opaque` or `auto`. */
  background?: string;
  /** Whether the client wants addresses or the images themselves; absent: as the provider does. */
  delivery?: "url" | "base64";
  /** Unfinished images that a stream shows on the way. */
  partialImages?: number;
  endUser?: string;
  extensions: Extensions;
}

/** Images from a text. */
export interface ImageRequest extends ImageOptions {
  prompt: string;
}

/** Images from others and a text. */
export interface ImageEditRequest extends ImageRequest {
  images: MediaInput[];
  /** Its transparent areas say where to edit. */
  mask?: MediaInput;
}

/** Images that are like another. */
export interface ImageVariationRequest extends ImageOptions {
  image: MediaInput;
}

/** One image: its bytes in base64, or where they are. */
export interface MadeImage {
  base64?: string;
  url?: string;
  mediaType?: string;
  /** The prompt as the provider understood it. */
  revisedPrompt?: string;
}

export interface ImageAnswer extends TaskAnswer {
  images: MadeImage[];
  /** Further fields of the answer: what the images were made with. */
  extensions: Extensions;
}
