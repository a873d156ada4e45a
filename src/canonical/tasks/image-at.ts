import { dataUrl } from "../media-bytes.ts";
import type { MadeImage } from "./image.ts";

/** The image at an address: a `data:` URL holds it itself. */
export function imageAt(address: string): MadeImage {
  const inline = dataUrl(address);
  if (inline === null) return { url: address };
  return { base64: Buffer.from(inline.data).toString("base64"), mediaType: inline.mediaType };
}
