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
  const wanted = Math.log(pixels.width / pixels.height);
  let nearest = { ratio: ratios[0] ?? "1:1", distance: Infinity };
  for (const ratio of ratios) {
    const [width = 1, height = 1] = ratio.split(":").map(Number);
    const distance = Math.abs(Math.log(width / height) - wanted);
    if (distance < nearest.distance) nearest = { ratio, distance };
  }
  addWarning(warnings, {
    code: "changed_field",
    field: "size",
    message: `the target takes aspect ratios: ${nearest.ratio}`,
  });
  return nearest.ratio;
}
