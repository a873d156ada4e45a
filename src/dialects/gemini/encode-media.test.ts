import { describe, expect, test } from "bun:test";
import type { Item } from "../../canonical/request.ts";
import { encode, say, call, result } from "./fixtures/requests.ts";

describe("media", () => {
  const image = { type: "image", source: { type: "base64", data: "iVBORw0KGgoAAA" } } as const;

  test("get a media type from where they come", () => {
    const { body, codes } = encode({
      items: [
        {
          type: "message",
          role: "user",
          content: [
            image,
            { type: "image", source: { type: "url", url: "https://x.y/a.webp?z=1" }, detail: "high" },
            { type: "image", source: { type: "url", url: "data:image/gif;base64,R0lGOD" } },
            { type: "image", source: { type: "base64", data: "AAAA" }, mediaType: "image/jpg" },
            { type: "file", source: { type: "base64", data: "AAAA" }, filename: "a.csv" },
            { type: "file", source: { type: "text", text: "plain" }, title: "T", context: "C" },
            { type: "audio", source: { type: "base64", data: "AAAA" }, mediaType: "audio/mpeg" },
            { type: "file", source: { type: "file_id", id: "file-abc" } },
            { type: "file", source: { type: "file_id", id: "files/abc" }, mediaType: "application/pdf" },
            { type: "refusal", text: "no" },
            { type: "opaque", dialect: "openai-chat", value: {} },
          ],
        },
      ],
    });
    expect(body.contents[0]?.parts).toEqual([
      { inlineData: { mimeType: "image/png", data: "iVBORw0KGgoAAA" } },
      { fileData: { mimeType: "image/webp", fileUri: "https://x.y/a.webp?z=1" } },
      { inlineData: { mimeType: "image/gif", data: "R0lGOD" } },
      { inlineData: { mimeType: "image/jpeg", data: "AAAA" } },
      { inlineData: { mimeType: "text/csv", data: "AAAA" } },
      { text: "T\nC" },
      { text: "plain" },
      { inlineData: { mimeType: "audio/mpeg", data: "AAAA" } },
      {
        fileData: {
          mimeType: "application/pdf",
          fileUri: "https://generativelanguage.googleapis.com/v1beta/files/abc",
        },
      },
      { text: "no" },
    ]);
    expect(codes).toEqual([
      "unsupported_field items[0].content[1].detail",
      "dropped_content items[0].content[7]",
      "dropped_content items[0].content[10]",
    ]);
  });

  test("of tool results stand inside the response since Gemini 3, before that after all of them", () => {
    const withImage = (callId: string): Item => ({
      type: "tool_result",
      callId,
      kind: "function",
      content: [
        { type: "text", text: "see" },
        { ...image, mediaType: "image/png" },
      ],
    });
    const items = [say("user", "a"), call("1", "f"), call("2", "f"), withImage("1"), result("2", "r")];
    const blob = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgoAAA" } };
    const first = { id: "1", name: "f", response: { output: "see" } };
    const second = { functionResponse: { id: "2", name: "f", response: { output: "r" } } };
    expect(encode({ items }, "gemini-3-flash-preview").body.contents[2]?.parts).toEqual([
      { functionResponse: { ...first, parts: [blob] } },
      second,
    ]);
    expect(encode({ items }, "gemini-2.5-flash").body.contents[2]?.parts).toEqual([
      { functionResponse: first },
      second,
      blob,
    ]);
  });
});
