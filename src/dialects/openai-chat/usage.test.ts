import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
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

  test("OpenRouter and xAI say how many were images", () => {
    const details = { prompt_tokens_details: { image_tokens: 6 }, completion_tokens_details: { image_tokens: 1290 } };
    const usage = decodeUsage({ prompt_tokens: 10, completion_tokens: 1300, total_tokens: 1310, ...details });
    expect([usage.imageInputTokens, usage.imageOutputTokens]).toEqual([6, 1290]);
    expect(counts({ prompt_tokens: 1, prompt_tokens_details: { image_tokens: 0 } })).not.toContainKey(
      "imageInputTokens",
    );
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

  test("audio of a prompt that only the total shows is input", () => {
    const details = { cached_tokens: 0, audio_tokens: 375 };
    const usage = { prompt_tokens: 9, completion_tokens: 20, total_tokens: 404, prompt_tokens_details: details };
    expect(counts(usage)).toEqual({ ...emptyUsage(), inputTokens: 384, audioInputTokens: 375, outputTokens: 20 });
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

/** Name of the host; its usage as documented; input, cached, written, output, reasoning, searches. */
const HOSTS: [string, JsonObject, number[]][] = [
  [
    // https://api-docs.deepseek.com/api/create-chat-completion
    "DeepSeek: hit + miss = prompt, reasoning within the completion",
    {
      prompt_tokens: 1200,
      completion_tokens: 300,
      total_tokens: 1500,
      prompt_cache_hit_tokens: 1024,
      prompt_cache_miss_tokens: 176,
      prompt_tokens_details: { cached_tokens: 1024 },
      completion_tokens_details: { reasoning_tokens: 210 },
    },
    [1200, 1024, 0, 300, 210, 0],
  ],
  [
    // https://platform.moonshot.ai/docs/api/chat
    "Moonshot: cached_tokens beside the counts",
    { prompt_tokens: 19, completion_tokens: 21, total_tokens: 40, cached_tokens: 10 },
    [19, 10, 0, 21, 0, 0],
  ],
  [
    // https://console.groq.com/docs/prompt-caching, /docs/reasoning
    "Groq: with times",
    {
      queue_time: 0.02,
      prompt_tokens: 4641,
      prompt_time: 0.007,
      completion_tokens: 1817,
      completion_time: 4.3,
      total_tokens: 6458,
      total_time: 4.3,
      prompt_tokens_details: { cached_tokens: 4608 },
      completion_tokens_details: { reasoning_tokens: 900 },
    },
    [4641, 4608, 0, 1817, 900, 0],
  ],
  [
    // https://docs.x.ai/docs/guides/reasoning
    "xAI: reasoning beside the completion, cost in ticks, sources",
    {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 135,
      prompt_tokens_details: { text_tokens: 32, audio_tokens: 0, image_tokens: 0, cached_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 94, audio_tokens: 0 },
      num_sources_used: 0,
      cost_in_usd_ticks: 1_234_500,
    },
    [32, 6, 0, 103, 94, 0],
  ],
  [
    // https://docs.mistral.ai/api, the vendor's SDK
    "Mistral: cached under its own name",
    { prompt_tokens: 500, completion_tokens: 20, total_tokens: 520, num_cached_tokens: 448 },
    [500, 448, 0, 20, 0, 0],
  ],
  [
    "Mistral: details in the singular",
    { prompt_tokens: 500, completion_tokens: 20, total_tokens: 520, prompt_token_details: { cached_tokens: 64 } },
    [500, 64, 0, 20, 0, 0],
  ],
  [
    // https://openrouter.ai/docs/use-cases/usage-accounting
    "OpenRouter: writes, cost",
    {
      prompt_tokens: 194,
      completion_tokens: 2,
      total_tokens: 196,
      cost: 0.95,
      cost_details: { upstream_inference_cost: 19 },
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 100, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
    [194, 40, 100, 2, 0, 0],
  ],
  [
    // https://www.alibabacloud.com/help/en/model-studio/context-cache
    "DashScope: explicit cache",
    {
      prompt_tokens: 3019,
      completion_tokens: 104,
      total_tokens: 3123,
      prompt_tokens_details: {
        cached_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 2048 },
        cache_creation_input_tokens: 2048,
        cache_type: "ephemeral",
      },
      completion_tokens_details: { reasoning_tokens: 60, text_tokens: 44 },
    },
    [3019, 0, 2048, 104, 60, 0],
  ],
  [
    // https://docs.z.ai/api-reference/llm/chat-completion
    "Z.AI",
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 90 },
      completion_tokens_details: { reasoning_tokens: 12 },
    },
    [100, 90, 0, 50, 12, 0],
  ],
  [
    // https://platform.minimax.io/docs/api-reference/text-openai-api
    "MiniMax",
    {
      total_tokens: 150,
      total_characters: 0,
      prompt_tokens: 100,
      completion_tokens: 50,
      completion_tokens_details: { reasoning_tokens: 40 },
    },
    [100, 0, 0, 50, 40, 0],
  ],
  [
    "Cerebras",
    {
      prompt_tokens: 90,
      completion_tokens: 60,
      total_tokens: 150,
      image_tokens: null,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 30, accepted_prediction_tokens: 0 },
    },
    [90, 64, 0, 60, 30, 0],
  ],
  [
    "DeepInfra: Gemini's reasoning beside the completion",
    {
      prompt_tokens: 19,
      completion_tokens: 84,
      total_tokens: 103,
      completion_tokens_details: { reasoning_tokens: 1081 },
    },
    [19, 0, 0, 1165, 1081, 0],
  ],
];

test.each(HOSTS)("every token is counted once: %s", (_name, usage, wanted) => {
  const made = decodeUsage(usage);
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, webSearches } = made;
  expect([inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, webSearches]).toEqual(
    wanted,
  );
  expect(cachedInputTokens + cacheWriteTokens).toBeLessThanOrEqual(inputTokens);
  expect(reasoningTokens).toBeLessThanOrEqual(outputTokens);
  expect(made.raw).toBe(usage);
});

test("Perplexity's deep research is billed by five counts", () => {
  // https://docs.perplexity.ai/docs/sonar/models/sonar-deep-research
  const usage = {
    prompt_tokens: 33,
    completion_tokens: 7163,
    total_tokens: 7196,
    search_context_size: "low",
    citation_tokens: 20016,
    num_search_queries: 18,
    reasoning_tokens: 5000,
  };
  const made = decodeUsage(usage, { separateTokens: true });
  expect([made.inputTokens, made.outputTokens, made.reasoningTokens, made.webSearches]).toEqual([
    33 + 20016,
    7163 + 5000,
    5000,
    18,
  ]);
});
