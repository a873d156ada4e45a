import { describe, expect, test } from "bun:test";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

describe("usage", () => {
  test("cache reads and writes are part of the input, each counted once", () => {
    const wire = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 70,
      cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 40 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 1 },
    };
    expect(decodeUsage(wire)).toEqual({
      ...emptyUsage(),
      inputTokens: 280,
      cachedInputTokens: 200,
      cacheWriteTokens: 30,
      cacheWrite1hTokens: 40,
      outputTokens: 50,
      reasoningTokens: 20,
      webSearches: 3,
      raw: wire,
    });
  });

  test("writes without their lifetimes count as short ones", () => {
    expect(decodeUsage({ input_tokens: 1, cache_creation_input_tokens: 5, cache_creation: null })).toMatchObject({
      inputTokens: 6,
      cacheWriteTokens: 5,
      cacheWrite1hTokens: 0,
    });
  });

  test("compaction is added, other iterations are in the totals already", () => {
    const iterations = [
      { type: "compaction", input_tokens: 1000, output_tokens: 100 },
      { type: "message", input_tokens: 20, output_tokens: 7 },
    ];
    expect(decodeUsage({ input_tokens: 20, output_tokens: 7, iterations })).toMatchObject({
      inputTokens: 1020,
      outputTokens: 107,
    });
  });

  test("nonsense counts as nothing", () => {
    expect(decodeUsage(null)).toBeUndefined();
    expect(
      decodeUsage({ input_tokens: null, output_tokens: -4, cache_read_input_tokens: "9", iterations: [null, 3] }),
    ).toEqual({
      ...emptyUsage(),
      raw: { input_tokens: null, output_tokens: -4, cache_read_input_tokens: "9", iterations: [null, 3] },
    });
  });

  test("goes back as it came, or is made from the counts", () => {
    const wire = { input_tokens: 10, cache_read_input_tokens: 2, output_tokens: 5, inference_geo: "eu" };
    const usage = decodeUsage(wire);
    expect(encodeUsage(usage)).toBe(wire);
    expect(encodeUsage(usage && { ...usage, outputTokens: 6 })).toEqual({
      input_tokens: 10,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 2,
      output_tokens: 6,
    });
    const foreign = {
      ...emptyUsage(),
      inputTokens: 12,
      outputTokens: 5,
      raw: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
    };
    expect(encodeUsage(foreign)).toEqual({
      input_tokens: 12,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 5,
    });
    // A Responses usage has no total at some hosts.
    const raw = {
      input_tokens: 12,
      input_tokens_details: {},
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 4 },
    };
    expect(encodeUsage({ ...foreign, reasoningTokens: 4, raw })).toMatchObject({
      input_tokens: 12,
      output_tokens_details: { thinking_tokens: 4 },
    });
    expect(encodeUsage(undefined)).toEqual({ input_tokens: 0, output_tokens: 0 });
  });

  test("all that was made is read back", () => {
    const usage = {
      ...emptyUsage(),
      inputTokens: 100,
      cachedInputTokens: 30,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 10,
      outputTokens: 9,
      reasoningTokens: 4,
      webSearches: 2,
    };
    const { raw: _raw, ...again } = decodeUsage(encodeUsage(usage)) ?? emptyUsage();
    expect(again).toEqual(usage);
  });
});
