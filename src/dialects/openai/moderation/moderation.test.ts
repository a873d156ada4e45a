import { describe, expect, test } from "bun:test";
import type { Json } from "../../../canonical/json.ts";
import { moderation } from "./index.ts";

const decode = (input: Json): ReturnType<typeof moderation.decodeRequest> =>
  moderation.decodeRequest({ body: { input }, form: null });

describe("a request", () => {
  test("without a model asks for the vendor's default", () => {
    expect(decode("a")).toMatchObject({ model: "omni-moderation-latest", isSingle: true });
  });

  test.each<[string, Json, number, boolean, string]>([
    ["a text", "a", 1, true, "/moderations"],
    ["texts", ["a", "b"], 2, false, "/moderations"],
    [
      "parts of one input",
      [
        { type: "text", text: "a" },
        { type: "image_url", image_url: { url: "u" } },
      ],
      1,
      true,
      "/moderations",
    ],
    ["a conversation", [{ role: "user", content: "a" }], 1, true, "/chat/moderations"],
    [
      "conversations",
      [[{ role: "user", content: "a" }], [{ role: "user", content: "b" }]],
      2,
      false,
      "/chat/moderations",
    ],
  ])("of %s", (_, input, count, isSingle, path) => {
    const request = decode(input);
    expect({ count: request.inputs.length, isSingle: request.isSingle }).toEqual({ count, isSingle });
    expect(moderation.relayPath?.("m", request)).toBe(path);
    const { body } = moderation.encodeRequest(request, { model: "m", warnings: [], flags: {} });
    expect(body).toEqual({ json: { model: "m", input } });
  });

  test.each<[Json, string]>([
    [null, "input"],
    [[], "input"],
    [[1], "input[0]"],
    [["a", []], "input[1]"],
    [[{ type: "text" }], "input[0]"],
    [[[{ type: "sound" }]], "input[0][0]"],
  ])("%j is refused", (input, param) => {
    expect(() => decode(input)).toThrow(expect.objectContaining({ code: "invalid_request", fields: { param } }));
  });

  test("weighs texts by length, images by the piece", () => {
    expect(moderation.weigh(decode("12345"))).toEqual({ inputTokens: 2, outputTokens: 0, hasImages: false });
    expect(moderation.weigh(decode([{ type: "image_url", image_url: { url: "u" } }]))).toMatchObject({
      hasImages: true,
    });
  });
});
