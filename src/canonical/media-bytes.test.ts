import { expect, test } from "bun:test";
import { nearestRatio, pixelsOf } from "./aspect-ratio.ts";
import { mediaBytes } from "./media-bytes.ts";
import type { Warning } from "./warning.ts";

test("a file's type is the one it came with, else that of its name", () => {
  const file = (filename: string, mediaType?: string) =>
    mediaBytes({ type: "bytes", data: new Uint8Array(), filename, ...(mediaType !== undefined && { mediaType }) }, "f");
  expect(file("a.mp3", "audio/x-mine").mediaType).toBe("audio/x-mine");
  expect(file("a.MP3", "application/octet-stream").mediaType).toBe("audio/mpeg");
  expect(file("a.unknown").mediaType).toBe("application/octet-stream");
});

test("data URLs are files, addresses and ids are not", () => {
  const { data, mediaType } = mediaBytes({ type: "url", url: "data:image/png;base64,aW1n" }, "image");
  expect({ text: Buffer.from(data).toString(), mediaType }).toEqual({ text: "img", mediaType: "image/png" });
  expect(() => mediaBytes({ type: "url", url: "https://x/y.png" }, "image")).toThrow("an address");
  expect(() => mediaBytes({ type: "file_id", id: "x" }, "image")).toThrow("a file id");
});

test("the nearest aspect ratio to a size in pixels", () => {
  const warnings: Warning[] = [];
  expect(nearestRatio("1536x1024", ["1:1", "3:2", "16:9"], warnings)).toBe("3:2");
  expect(nearestRatio("1000x1010", ["1:1", "3:2", "16:9"], warnings)).toBe("1:1");
  expect(warnings).toHaveLength(2);
  for (const size of [undefined, "auto", "0x5", "x", "99999999x1"])
    expect(nearestRatio(size, ["1:1"], warnings)).toBeUndefined();
  expect(pixelsOf("1280x720")).toEqual({ width: 1280, height: 720 });
});
