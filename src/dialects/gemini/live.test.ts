import { describe, expect, test } from "bun:test";
import { live } from "./live.ts";

const none = new URLSearchParams();

describe("Gemini Live", () => {
  test("the model stands in the setup", () => {
    expect(live.modelOf(none, { setup: { model: "models/x" } })).toBe("x");
    for (const garbage of [{}, { setup: null }, { setup: { model: 1 } }, { model: "x" }]) {
      expect(live.modelOf(none, garbage)).toBeUndefined();
    }
    expect(live.modelSlots({ setup: { model: "models/x" } })).toMatchObject([{ key: "model", role: "session" }]);
  });

  test("the path keeps the client's version", () => {
    const request = { model: "x", query: none };
    expect(live.path({ ...request, version: "v1alpha" })).toContain(".v1alpha.GenerativeService.BidiGenerateContent");
    expect(live.path({ ...request, version: null })).toContain(".v1beta.");
  });

  test("the usage of a turn, in text and in bytes, beside content too", () => {
    const message = {
      serverContent: { modelTurn: { parts: [{ text: "Hi" }] } },
      usageMetadata: {
        promptTokenCount: 30,
        responseTokenCount: 12,
        thoughtsTokenCount: 3,
        totalTokenCount: 45,
        responseTokensDetails: [{ modality: "AUDIO", tokenCount: 12 }],
      },
    };
    for (const data of [JSON.stringify(message), Buffer.from(JSON.stringify(message))]) {
      const report = live.readServer(data);
      expect(report?.usage).toMatchObject({
        inputTokens: 30,
        outputTokens: 15,
        reasoningTokens: 3,
        audioOutputTokens: 12,
      });
      expect(report?.textTokens).toBeGreaterThan(0);
    }
    for (const text of ["", '{"usageMetadata":', '{"usageMetadata":1}', '["usageMetadata"]', "{}"]) {
      expect(live.readServer(text)?.usage ?? null).toBeNull();
    }
  });
});
