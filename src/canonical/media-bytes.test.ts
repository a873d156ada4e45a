import { expect, test } from "bun:test";
import { mediaBytes } from "./media-bytes.ts";

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
