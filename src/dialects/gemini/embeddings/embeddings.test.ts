import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../canonical/json.ts";
import { embeddings } from "./index.ts";

const request = (text: string, more: JsonObject = {}): JsonObject => ({ content: { parts: [{ text }] }, ...more });
const decode = (body: JsonObject): ReturnType<typeof embeddings.decodeRequest> =>
  embeddings.decodeRequest({ body, form: null, pathModel: "models/asked" });

describe("a request", () => {
  test("of one content, in either spelling", () => {
    const decoded = decode(request("a", { task_type: "CLUSTERING", output_dimensionality: "256", title: "T" }));
    expect(decoded).toMatchObject({
      model: "asked",
      isSingle: true,
      inputs: [{ type: "text", text: "a" }],
      purpose: "clustering",
      dimensions: 256,
      title: "T",
      warnings: [],
    });
    expect(embeddings.relayPath?.("m", decoded)).toBe("/models/m:embedContent");
  });

  test("of several, whose settings must be alike", () => {
    const decoded = decode({ requests: [request("a"), request("b", { taskType: "CLUSTERING" })] });
    expect(decoded).toMatchObject({ isSingle: false, inputs: [{ text: "a" }, { text: "b" }] });
    expect(decoded.warnings).toMatchObject([{ code: "changed_field", field: "requests" }]);
    expect(embeddings.relayPath?.("m", decoded)).toBe("/models/m:batchEmbedContents");
  });

  test("can be relayed to the model that its body names, to no other", () => {
    const named = decode({ requests: [request("a", { model: "models/m" }), request("b")] });
    expect(embeddings.canRelay?.(named, "m")).toBe(true);
    expect(embeddings.canRelay?.(named, "other")).toBe(false);
    expect(embeddings.canRelay?.(decode(request("a")), "other")).toBe(true);
  });

  test.each<[JsonObject, string]>([
    [{}, "content"],
    [{ requests: [] }, "requests"],
    [{ requests: ["a"] }, "requests[0]"],
    [{ requests: [request("a"), {}] }, "requests[1].content"],
    [{ content: { parts: [{}] } }, "content.parts[0]"],
  ])("%j is refused", (body, param) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "invalid_request", fields: { param } }));
  });
});
