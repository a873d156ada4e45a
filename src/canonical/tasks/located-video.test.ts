import { expect, test } from "bun:test";
import { locatedVideo, noVideo } from "./located-video.ts";

test("a video is at an address of its own, over TLS", () => {
  expect(locatedVideo("https://x/y.mp4")).toMatchObject({ location: "https://x/y.mp4", contentType: "text/plain" });
  for (const other of ["http://x/y.mp4", "file:///etc/passwd", "", null, undefined, ["https://x"]])
    expect(locatedVideo(other)).toBeNull();
});

test("a job without a file says how it stands", () => {
  expect(noVideo("queued")).toMatchObject({
    code: "not_found",
    message: "the video is queued: there is no file of it",
  });
});
