import { addWarning, type Warning } from "./warning.ts";

/** Width and height of `WIDTHxHEIGHT`; null for `auto` and anything else. */
export function pixelsOf(size: string | undefined): { width: number; height: number } | null {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? "");
  if (match === null) return null;
  const [width, height] = [Number(match[1]), Number(match[2])];
  return width > 0 && height > 0 ? { width, height } : null;
}

/** The nearest of a provider's aspect ratios (`16:9`) to a size in pixels, with a warning; undefined for no size. */
export function nearestRatio(
  size: string | undefined,
  ratios: readonly string[],
  warnings: Warning[],
): string | undefined {
  const pixels = pixelsOf(size);
  if (pixels === null) return undefined;
  return nearestTo("size", Math.log(pixels.width / pixels.height), ratios, warnings);
}

/** What an image is to look like: a size in pixels, or an aspect ratio. */
export interface Shape {
  size?: string;
  aspectRatio?: string;
}

/** The same for a request that may name an aspect ratio itself, which goes without a warning where the provider has it. */
export function wantedRatio(
  { size, aspectRatio }: Shape,
  ratios: readonly string[],
  warnings: Warning[],
): string | undefined {
  const wanted = ratioOf(aspectRatio);
  if (pixelsOf(size) !== null || wanted === null) return nearestRatio(size, ratios, warnings);
  const same = ratios.find((ratio) => ratio === aspectRatio);
  return same ?? nearestTo("aspectRatio", Math.log(wanted), ratios, warnings);
}

/** One megapixel. */
const AREA = 1024 * 1024;
/** Image models work in blocks of so many pixels. */
const STEP = 32;

/** The size in pixels, also of a request that names an aspect ratio alone: then of about a megapixel. */
export function wantedPixels({ size, aspectRatio }: Shape): { width: number; height: number } | null {
  const pixels = pixelsOf(size);
  const ratio = ratioOf(aspectRatio);
  if (pixels !== null || ratio === null) return pixels;
  const inSteps = (length: number): number => Math.max(STEP, Math.round(length / STEP) * STEP);
  return { width: inSteps(Math.sqrt(AREA * ratio)), height: inSteps(Math.sqrt(AREA / ratio)) };
}

/** Width by height; null for what is no ratio. */
function ratioOf(text: string | undefined): number | null {
  const [, width = "0", height = "0"] = /^(\d{1,4}(?:\.\d{1,2})?):(\d{1,4}(?:\.\d{1,2})?)$/.exec(text ?? "") ?? [];
  return Number(width) > 0 && Number(height) > 0 ? Number(width) / Number(height) : null;
}

function nearestTo(field: string, wanted: number, ratios: readonly string[], warnings: Warning[]): string {
  let nearest = { ratio: ratios[0] ?? "1:1", distance: Infinity };
  for (const ratio of ratios) {
    const [width = 1, height = 1] = ratio.split(":").map(Number);
    const distance = Math.abs(Math.log(width / height) - wanted);
    if (distance < nearest.distance) nearest = { ratio, distance };
  }
  addWarning(warnings, {
    code: "changed_field",
    field,
    message: `the target takes aspect ratios: ${nearest.ratio}`,
  });
  return nearest.ratio;
}
