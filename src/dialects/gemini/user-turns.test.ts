import { describe, expect, test } from "bun:test";
import type { Item } from "../../canonical/request.ts";
import { call, encode, result, say } from "./fixtures/requests.ts";
import { SKIP_SIGNATURE } from "./stand-in-signature.ts";

const filler = { role: "user", parts: [{ text: "Continue." }] };
const empty: Item = { type: "message", role: "user", content: [{ type: "text", text: "" }] };

describe("a conversation of another dialect", () => {
  test("that begins with a call gets a user before it", () => {
    const { body, codes } = encode({ items: [say("system", "s"), empty, call("1", "f"), result("1", "a")] });
    expect(body.contents[0]).toEqual(filler);
    expect(body.contents).toHaveLength(3);
    expect(codes).toEqual(["changed_field messages"]);
  });

  test("keeps what the model says in one turn where nothing of the user's is left between", () => {
    const { body } = encode({
      items: [say("user", "go"), say("assistant", "a"), empty, call("1", "f"), result("1", "x")],
    });
    expect(body.contents.map(({ role }) => role)).toEqual(["user", "model", "user"]);
    expect(body.contents[1]?.parts).toHaveLength(2);
  });

  test.each([
    ["gemini-2.5-flash", false],
    ["gemini-3.1-pro-preview", false],
    ["gemini-3.5-flash", false],
    ["gemini-3.5-flash-lite", true],
    ["gemini-3.6-flash", true],
    ["gemini-flash-latest", true],
    ["gemma-3-27b-it", false],
  ])("ends with the user at models without prefill: %s", (model, isFilled) => {
    const { body, codes } = encode({ items: [say("user", "go"), say("assistant", "It is")] }, model);
    expect(body.contents.slice(2)).toEqual(isFilled ? [filler] : []);
    expect(codes).toEqual(isFilled ? ["changed_field messages"] : []);
  });
});

describe("an image model of Gemini 3", () => {
  const image = (data: string): Item => ({
    type: "message",
    role: "assistant",
    content: [
      { type: "text", text: "here" },
      { type: "text", text: "look" },
      { type: "image", source: { type: "base64", data }, mediaType: "image/png" },
    ],
  });
  const items = [say("user", "draw"), image("aaaa"), say("user", "brighter")];

  test("gets a stand-in for the signatures of what it made, however old", () => {
    const { body } = encode({ items }, "gemini-3-pro-image-preview");
    expect(body.contents[1]?.parts).toEqual([
      { text: "here", thoughtSignature: SKIP_SIGNATURE },
      { text: "look" },
      { inlineData: { mimeType: "image/png", data: "aaaa" }, thoughtSignature: SKIP_SIGNATURE },
    ]);
  });

  test("differs in that from all others", () => {
    for (const model of ["gemini-2.5-flash-image", "gemini-3.5-flash"]) {
      expect(JSON.stringify(encode({ items }, model).body)).not.toContain(SKIP_SIGNATURE);
    }
  });
});
