import { addWarning, type Warning } from "./warning.ts";

/** A size in pixels. */
export interface Pixels {
  width: number;
  height: number;
}

/** Width and height of `WIDTHxHEIGHT`; null for `auto` and anything else. */
export function pixelsOf(size: string | undefined): Pixels | null {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? "");
  if (match === null) return null;
  const [width, height] = [Number(match[1]), Number(match[2])];
  return width > 0 && height > 0 ? { width, height } : null;
}

/** The nearest of a provider's aspect ratios (`16:9`) to a size in pixels, with a warning; undefined, with one, for any other size. */
export function nearestRatio(
  size: string | undefined,
  ratios: readonly string[],
  warnings: Warning[],
): string | undefined {
  const pixels = takePixels(size, warnings);
  if (pixels === null) return undefined;
  return nearestTo("size", Math.log(pixels.width / pixels.height), ratios, warnings);
}

/** What an image is to look like: a size in pixels, or an aspect ratio. */
export interface Shape {
  size?: string | undefined;
  aspectRatio?: string | undefined;
}

/**
 * The same for a request that may name an aspect ratio itself, which goes without a warning where the provider has it, but not
 * before a size.
 */
export function wantedRatio(shape: Shape, ratios: readonly string[], warnings: Warning[]): string | undefined {
  const { pixels, ratio } = takeShape(shape, warnings);
  if (pixels !== null) return nearestRatio(shape.size, ratios, warnings);
  if (ratio === null) return undefined;
  const same = ratios.find((each) => each === shape.aspectRatio);
  return same ?? nearestTo("aspectRatio", Math.log(ratio), ratios, warnings);
}

/** One megapixel. */
const AREA = 1024 * 1024;
/** Image models work in blocks of so many pixels. */
const STEP = 32;

/**
 * The size in pixels, also of a request that names an aspect ratio alone: then of about a megapixel. What is neither, and a ratio
 * that a size goes before, become warnings.
 */
export function wantedPixels(shape: Shape, warnings: Warning[]): Pixels | null {
  const { pixels, ratio } = takeShape(shape, warnings);
  if (pixels !== null || ratio === null) return pixels;
  const inSteps = (length: number): number => Math.max(STEP, Math.round(length / STEP) * STEP);
  return { width: inSteps(Math.sqrt(AREA * ratio)), height: inSteps(Math.sqrt(AREA / ratio)) };
}

function takeShape(shape: Shape, warnings: Warning[]): { pixels: Pixels | null; ratio: number | null } {
  const pixels = takePixels(shape.size, warnings);
  const ratio = ratioOf(shape.aspectRatio);
  if (ratio === null) warnOfOther("aspectRatio", shape.aspectRatio, "WIDTH:HEIGHT", warnings);
  else if (pixels !== null) warnOfLostRatio(shape, warnings);
  return { pixels, ratio };
}

/** Width and height of `WIDTHxHEIGHT`; null for `auto`, and with a warning for anything else. */
export function takePixels(size: string | undefined, warnings: Warning[]): Pixels | null {
  const pixels = pixelsOf(size);
  if (pixels === null) warnOfOther("size", size, "WIDTHxHEIGHT", warnings);
  return pixels;
}

function warnOfOther(field: string, value: string | undefined, form: string, warnings: Warning[]): void {
  if (value === undefined || value === "auto") return;
  addWarning(warnings, { code: "unsupported_field", field, message: `it is not of the form ${form} and was left out` });
}

/** Sizes in whole blocks are seldom quite of their ratio. */
const NEAR = 0.02;

/** Warns of an aspect ratio that goes beside a size, unless the size is of it. */
export function warnOfLostRatio({ size, aspectRatio }: Shape, warnings: Warning[]): void {
  if (aspectRatio === undefined) return;
  const [pixels, ratio] = [pixelsOf(size), ratioOf(aspectRatio)];
  if (pixels !== null && ratio !== null && Math.abs(pixels.width / pixels.height / ratio - 1) <= NEAR) return;
  const message = "the size was sent in its place";
  addWarning(warnings, { code: "unsupported_field", field: "aspectRatio", message });
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
