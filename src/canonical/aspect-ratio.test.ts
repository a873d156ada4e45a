import { expect, test } from "bun:test";
import { nearestRatio, pixelsOf, wantedPixels, wantedRatio, warnOfLostRatio, type Shape } from "./aspect-ratio.ts";
import type { Warning } from "./warning.ts";

const RATIOS = ["1:1", "3:2", "16:9"];

function tell<T>(ask: (warnings: Warning[]) => T): [T, string[]] {
  const warnings: Warning[] = [];
  const found = ask(warnings);
  return [found, warnings.map(({ code, field }) => `${code} ${field}`)];
}

test("the nearest aspect ratio to a size in pixels", () => {
  expect(tell((warnings) => nearestRatio("1536x1024", RATIOS, warnings))).toEqual(["3:2", ["changed_field size"]]);
  expect(tell((warnings) => nearestRatio("1000x1010", RATIOS, warnings))).toEqual(["1:1", ["changed_field size"]]);
  expect(pixelsOf("1280x720")).toEqual({ width: 1280, height: 720 });
});

test("a size of no such form is named; auto asks for nothing", () => {
  for (const size of ["0x5", "x", "99999999x1", "landscape_16_9"])
    expect(tell((warnings) => nearestRatio(size, RATIOS, warnings))).toEqual([undefined, ["unsupported_field size"]]);
  for (const size of [undefined, "auto"])
    expect(tell((warnings) => nearestRatio(size, RATIOS, warnings))).toEqual([undefined, []]);
});

test.each<[Shape, string | undefined, string[]]>([
  [{ aspectRatio: "16:9" }, "16:9", []],
  [{ size: "auto", aspectRatio: "16:9" }, "16:9", []],
  [{ size: "large", aspectRatio: "16:9" }, "16:9", ["unsupported_field size"]],
  [{ aspectRatio: "2:1" }, "16:9", ["changed_field aspectRatio"]],
  [{ aspectRatio: "wide" }, undefined, ["unsupported_field aspectRatio"]],
  [{ size: "1024x1024", aspectRatio: "16:9" }, "1:1", ["unsupported_field aspectRatio", "changed_field size"]],
  [{ size: "1344x768", aspectRatio: "16:9" }, "16:9", ["changed_field size"]],
])("%j: the ratio %p", (shape, ratio, lost) => {
  expect(tell((warnings) => wantedRatio(shape, RATIOS, warnings))).toEqual([ratio, lost]);
});

test.each<[Shape, string | null, string[]]>([
  [{ size: "640x480" }, "640x480", []],
  [{ aspectRatio: "1:1" }, "1024x1024", []],
  [{ size: "640x480", aspectRatio: "1:1" }, "640x480", ["unsupported_field aspectRatio"]],
  [{ size: "large" }, null, ["unsupported_field size"]],
])("%j: %p in pixels", (shape, pixels, lost) => {
  const [found, warned] = tell((warnings) => wantedPixels(shape, warnings));
  expect(found === null ? null : `${found.width}x${found.height}`).toBe(pixels);
  expect(warned).toEqual(lost);
});

test("a ratio beside a size of any form is lost, unless the size is of it", () => {
  const lost = (shape: Shape) => tell((warnings) => warnOfLostRatio(shape, warnings))[1];
  expect(lost({ size: "1536x1024", aspectRatio: "3:2" })).toEqual([]);
  expect(lost({ size: "2K" })).toEqual([]);
  expect(lost({ size: "2K", aspectRatio: "3:2" })).toEqual(["unsupported_field aspectRatio"]);
});
