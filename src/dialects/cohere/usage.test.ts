import { describe, expect, test } from "bun:test";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeUsage, encodeMeta, encodeUsage } from "./usage.ts";

describe("usage", () => {
  test("counts what is billed; what the cache held of the unbilled prompt is not", () => {
    const wire = {
      billed_units: { input_tokens: 39, output_tokens: 27 },
      tokens: { input_tokens: 1683, output_tokens: 62 },
      cached_tokens: 992,
    };
    expect(decodeUsage(wire)).toMatchObject({ inputTokens: 39, outputTokens: 27, cachedInputTokens: 0 });
    expect(decodeUsage({ ...wire, cached_tokens: 1664 })).toMatchObject({ inputTokens: 39, cachedInputTokens: 20 });
    expect(decodeUsage({ ...wire, cached_tokens: 99_999 })).toMatchObject({ cachedInputTokens: 39 });
  });

  test("counts all where a server bills nothing", () => {
    const wire = { tokens: { input_tokens: 100, output_tokens: 5 }, cached_tokens: 64 };
    expect(decodeUsage(wire)).toMatchObject({ inputTokens: 100, cachedInputTokens: 64, outputTokens: 5 });
  });

  test("counts searches and images by the piece", () => {
    expect(decodeUsage({ billed_units: { search_units: 2 } })).toMatchObject({
      inputTokens: 0,
      units: { searches: 2 },
    });
    expect(decodeUsage({ billed_units: { images: 1, image_tokens: 300 } })).toMatchObject({
      inputTokens: 300,
      units: { images: 1 },
    });
  });

  test("what holds no counts is none", () => {
    for (const wire of [undefined, null, "x", [], {}, { billed_units: null }, { cached_tokens: 5 }]) {
      expect(decodeUsage(wire)).toBeUndefined();
    }
  });

  test("goes back as it came, or is made from the counts", () => {
    const wire = { billed_units: { input_tokens: 1, output_tokens: 2 }, tokens: { input_tokens: 501 }, x: 1 };
    expect(encodeUsage(decodeUsage(wire) ?? emptyUsage())).toEqual(wire);
    const counts = { input_tokens: 9, output_tokens: 5 };
    const made = { billed_units: counts, tokens: counts, cached_tokens: 2 };
    const usage = { ...emptyUsage(), inputTokens: 9, outputTokens: 5, cachedInputTokens: 2 };
    expect(encodeUsage(usage)).toEqual(made);
    expect(encodeUsage({ ...usage, raw: wire })).toEqual(made);
    expect(encodeMeta({ ...emptyUsage(), units: { searches: 3 } })).toMatchObject({
      billed_units: { search_units: 3 },
    });
  });
});
