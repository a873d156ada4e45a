import { describe, expect, test } from "bun:test";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeUsage, encodeUsage, findUsage } from "./usage.ts";

const counts = (usage: Parameters<typeof decodeUsage>[0]) => {
  const { raw: _, ...rest } = decodeUsage(usage);
  return rest;
};

describe("decodeUsage", () => {
  test("OpenAI counts cached tokens and reasoning inside", () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5 },
    };
    expect(counts(usage)).toEqual({
      ...emptyUsage(),
      inputTokens: 100,
      cachedInputTokens: 60,
      cacheWriteTokens: 20,
      outputTokens: 50,
      reasoningTokens: 30,
      audioInputTokens: 10,
      audioOutputTokens: 5,
    });
  });

  test.each([
    ["DeepSeek", { prompt_cache_hit_tokens: 7 }],
    ["Moonshot", { cached_tokens: 7 }],
    ["LiteLLM", { cache_read_input_tokens: 7 }],
    ["OpenAI", { prompt_tokens_details: { cached_tokens: 7 } }],
    ["null beside it", { prompt_tokens_details: null, cached_tokens: 7 }],
  ])("finds cached tokens of %s", (_name, extra) => {
    const usage = decodeUsage({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, ...extra });
    expect(usage.cachedInputTokens).toBe(7);
    expect(usage.inputTokens).toBe(10);
  });

  test.each([
    ["OpenRouter", { prompt_tokens_details: { cache_write_tokens: 8 } }, 8, 0],
    ["LiteLLM", { prompt_tokens_details: { cache_creation_tokens: 8 } }, 8, 0],
    ["Vercel", { cache_creation_input_tokens: 8 }, 8, 0],
    ["with lifetimes", { cache_creation_input_tokens: 8, cache_creation: { ephemeral_1h_input_tokens: 3 } }, 5, 3],
    ["more than the input", { cache_creation_input_tokens: 800 }, 10, 0],
  ])("counts cache writes of %s once", (_name, extra, short, long) => {
    const usage = decodeUsage({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, ...extra });
    expect([usage.cacheWriteTokens, usage.cacheWrite1hTokens]).toEqual([short, long]);
  });

  test.each([
    ["xAI: the total has it thrice", { completion_tokens: 2, total_tokens: 354 }, 342],
    ["deep research: more reasoning than completion", { completion_tokens: 2, total_tokens: 14 }, 342],
    ["OpenAI: inside", { completion_tokens: 400, total_tokens: 412 }, 400],
  ])("reasoning %s", (_name, usage, output) => {
    const decoded = decodeUsage({ prompt_tokens: 12, ...usage, completion_tokens_details: { reasoning_tokens: 340 } });
    expect(decoded.outputTokens).toBe(output);
    expect(decoded.reasoningTokens).toBe(340);
  });

  test("tokens that only the total shows are reasoning", () => {
    const usage = decodeUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 });
    expect([usage.outputTokens, usage.reasoningTokens]).toEqual([30, 25]);
  });

  test("garbage counts as zero", () => {
    expect(
      counts({ prompt_tokens: null, completion_tokens: "7", total_tokens: -1, prompt_tokens_details: [] }),
    ).toEqual(emptyUsage());
  });

  test("web searches are counted", () => {
    expect(decodeUsage({ prompt_tokens: 1, completion_tokens: 1, num_search_queries: 3 }).webSearches).toBe(3);
  });
});

describe("findUsage", () => {
  test.each([
    ["top level", { usage: { prompt_tokens: 1 } }, undefined],
    ["Groq", { usage: null, x_groq: { usage: { prompt_tokens: 1 } } }, undefined],
    ["Moonshot", {}, { usage: { prompt_tokens: 1 } }],
  ])("%s", (_name, answer, choice) => expect(findUsage(answer, choice)).toEqual({ prompt_tokens: 1 }));

  test("null is none", () => expect(findUsage({ usage: null }, {})).toBeUndefined());
});

describe("encodeUsage", () => {
  test("hands the host's own object on", () => {
    const raw = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, cost: 0.1 };
    expect(encodeUsage(decodeUsage(raw))).toEqual(raw);
  });

  test("makes one from another dialect's", () => {
    const usage = { ...emptyUsage(), inputTokens: 10, cachedInputTokens: 4, cacheWrite1hTokens: 2, outputTokens: 5 };
    expect(encodeUsage({ ...usage, raw: { input_tokens: 10 } })).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    });
  });
});
