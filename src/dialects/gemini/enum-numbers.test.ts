import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { gemini } from "./index.ts";

const USAGE = {
  promptTokenCount: 9,
  candidatesTokenCount: 2,
  totalTokenCount: 11,
  promptTokensDetails: [{ modality: 4, tokenCount: 6 }],
};

const answer = (finishReason: Json): JsonObject => ({
  candidates: [{ content: { role: "model", parts: [{ text: "hi" }] }, finishReason }],
  usageMetadata: USAGE,
});

function streamed(body: JsonObject): StreamPart[] {
  const parts: StreamPart[] = [];
  const decoder = gemini.createStreamDecoder();
  decoder.push({ event: "", data: JSON.stringify(body) }, parts);
  decoder.finish(parts);
  return parts;
}

describe("enums as numbers", () => {
  test.each([
    [1, "stop"],
    [2, "length"],
    [3, "content_filter"],
    [99, "other"],
  ])("finish reason %p is %s", (wire, reason) => {
    expect(gemini.decodeResponse(answer(wire)).candidates[0]?.finishReason).toBe(reason as "stop");
    const parts = streamed(answer(wire));
    expect(parts.find(({ type }) => type === "finish")).toMatchObject({ reason });
    expect(parts.at(-1)?.type).toBe("end");
  });

  test("a reason that is not specified ends nothing", () => {
    expect(streamed(answer(0)).at(-1)?.type).toBe("error");
  });

  test("a blocked prompt", () => {
    const body = { promptFeedback: { blockReason: 1 }, usageMetadata: USAGE };
    expect(gemini.decodeResponse(body).candidates[0]).toMatchObject({ finishReason: "content_filter" });
    expect(streamed(body).at(-1)?.type).toBe("end");
  });

  test("tokens of a modality", () => {
    expect(gemini.decodeResponse(answer(1)).usage).toMatchObject({ inputTokens: 9, audioInputTokens: 6 });
  });

  test("a request", () => {
    const properties = { a: { type: 1 }, b: { type: 5, items: { type: 3 } }, c: { type: 0 } };
    const request = gemini.decodeRequest({
      pathModel: "m",
      body: {
        contents: [{ role: "user", parts: [{ text: "hi" }] }],
        tools: [{ functionDeclarations: [{ name: "f", parameters: { type: 6, properties } }] }],
        toolConfig: { functionCallingConfig: { mode: 2 } },
      },
    });
    const decoded = { a: { type: "string" }, b: { type: "array", items: { type: "integer" } }, c: {} };
    expect(request.tools).toMatchObject([{ name: "f", parameters: { type: "object", properties: decoded } }]);
    expect(request.toolChoice).toEqual({ type: "required" });
  });
});
