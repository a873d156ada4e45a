import { expect, test } from "bun:test";
import type { Warning } from "../../../canonical/warning.ts";
import { encodeOptions } from "./options.ts";

test.each<[{ size?: string; aspectRatio?: string }, string | undefined, string[]]>([
  [{ aspectRatio: "3:2" }, "1536x1024", []],
  [{ size: "auto", aspectRatio: "3:2" }, "1536x1024", []],
  [{ size: "auto" }, "auto", []],
  [{ size: "1792x1024" }, "1792x1024", []],
  [{ size: "1024x1024", aspectRatio: "3:2" }, "1024x1024", ["aspectRatio"]],
  [{ aspectRatio: "wide" }, undefined, ["aspectRatio"]],
])("%j: size %p", (shape, size, lost) => {
  const warnings: Warning[] = [];
  const wire = encodeOptions({ model: "gpt-image-1", stream: false, extensions: {}, warnings: [], ...shape }, warnings);
  expect(wire["size"]).toBe(size);
  expect(warnings.map(({ field }) => field)).toEqual(lost);
});
