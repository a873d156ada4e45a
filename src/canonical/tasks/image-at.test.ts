import { expect, test } from "bun:test";
import { imageAt } from "./image-at.ts";

test("a data URL holds its image, any other address is where it is", () => {
  expect(imageAt("data:image/webp;base64,aW1n")).toEqual({ base64: "aW1n", mediaType: "image/webp" });
  expect(imageAt("https://x/y.png")).toEqual({ url: "https://x/y.png" });
});
