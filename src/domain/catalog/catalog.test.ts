import { calcPrice, waitForUpdate, type Provider } from "@pydantic/genai-prices";
import { describe, expect, test } from "bun:test";
import { emptyUsage, type Usage } from "../../canonical/usage.ts";
import type { CatalogData } from "./data.ts";
import { generateData } from "./generate.ts";
import { costNano, openCatalog } from "./index.ts";
import models from "./models.json" with { type: "json" };

const catalog = openCatalog();
const NOW = Date.parse("2026-11-20T12:00:00Z");

const usage = (fields: Partial<Usage>): Usage => ({ ...emptyUsage(), ...fields });

test("models.json is what the generator makes of the installed package", async () => {
  expect(models as unknown as CatalogData).toEqual(await generateData());
});

describe("against the package's own arithmetic", () => {
  const counts = usage({ inputTokens: 1000, cachedInputTokens: 200, outputTokens: 300 });
  const long = usage({ inputTokens: 600_000, cachedInputTokens: 100_000, outputTokens: 70_000 });

  function differences(providers: Provider[], at: number, counted: Usage): { seen: number; wrong: string[] } {
    const wrong: string[] = [];
    let seen = 0;
    for (const provider of providers) {
      for (const id of catalog.modelsOf(provider.id)) {
        const price = catalog.priceOf(provider.id, id, at);
        if (price === null) continue;
        seen += 1;
        const theirs = calcPrice(
          {
            input_tokens: counted.inputTokens,
            cache_read_tokens: counted.cachedInputTokens,
            output_tokens: counted.outputTokens,
          },
          id,
          { provider, timestamp: new Date(at) },
        );
        const ours = costNano(price, counted);
        if (theirs === null || Math.abs(theirs.total_price * 1e9 - ours) > 1) {
          wrong.push(`${provider.id}/${id}: ${ours} ${theirs?.total_price} ${theirs?.model.id}`);
        }
      }
    }
    return { seen, wrong };
  }

  for (const [name, counted] of [
    ["short", counts],
    ["long", long],
  ] as const) {
    for (const at of ["2025-02-01T18:00:00Z", "2026-08-20T02:00:00Z", "2026-11-20T12:00:00Z", "2027-03-01T00:00:00Z"]) {
      test(`${name} calls at ${at}`, async () => {
        const { seen, wrong } = differences((await waitForUpdate()) ?? [], Date.parse(at), counted);
        expect(seen).toBeGreaterThan(1400);
        expect(wrong).toEqual([]);
      });
    }
  }
});

describe("finding models", () => {
  test("exact ids, clauses, dates and case", () => {
    expect(catalog.findModel("openai", "gpt-4o")?.id).toBe("gpt-4o");
    expect(catalog.findModel("openai", "GPT-4o-2024-08-06")?.id).toBe("gpt-4o");
    expect(catalog.findModel("anthropic", "claude-sonnet-4-5-20250929")?.id).toBe("claude-sonnet-4-5");
    expect(catalog.findModel("openai", "gpt-5.4-20260305")?.id).toBe("gpt-5.4");
    expect(catalog.findModel("anthropic", "claude-opus-4-1")).toMatchObject({
      contextWindow: 200_000,
      maxOutputTokens: 32_000,
    });
  });

  test("our names stand for the source's", () => {
    expect(catalog.findModel("xai", "grok-4.5")?.id).toBe("grok-4.5");
    expect(catalog.findModel("xai", "grok-4.5")?.contextWindow).toBe(
      catalog.findModel("x-ai", "grok-4.5")?.contextWindow,
    );
    expect(catalog.findModel("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")?.prices.length).toBe(1);
    expect(catalog.findModel("vertex", "claude-sonnet-4-5@20250929")?.id).toBe("claude-sonnet-4-5");
    expect(catalog.findModel("gemini", "claude-sonnet-4-5")).toBeNull();
  });

  test("a vendor that resells others' models has their prices", () => {
    const [own] = catalog.findModel("anthropic", "claude-opus-4-5")?.prices ?? [];
    expect(catalog.findModel("azure", "claude-opus-4-5")?.prices[0]?.price.rates.input).toBe(
      own?.price.rates.input as number,
    );
  });

  test("a model newer than the catalog still has its family's output limit, and no price", () => {
    expect(catalog.findModel("anthropic", "claude-fable-9")).toMatchObject({
      id: "claude-fable-9",
      contextWindow: null,
      maxOutputTokens: 128_000,
      prices: [],
    });
    expect(catalog.priceOf("anthropic", "claude-fable-9", NOW)).toBeNull();
  });

  test("what nobody knows is null, never a zero price", () => {
    expect(catalog.findModel("openai", "no-such-model")).toBeNull();
    expect(catalog.priceOf("openai", "no-such-model", NOW)).toBeNull();
    expect(catalog.priceOf("my-vllm", "gpt-4o", NOW)).toBeNull();
    expect(catalog.priceOf("openai", "omni-moderation-none", NOW)).toBeNull();
  });

  test("hostile names are harmless and do not pile up", () => {
    const own = openCatalog();
    for (const name of [
      "__proto__",
      "constructor",
      "toString",
      "",
      "\u0000",
      "a".repeat(1e6),
      "claude-opus-5-".repeat(15),
    ]) {
      expect(own.findModel(name, name)).toBeNull();
      expect(own.findModel("openai", name)).toBeNull();
      expect(own.priceOf("openai", name, NOW)).toBeNull();
    }
    expect(own.providersOf("constructor")).toEqual([]);
    expect(own.providersOf("a".repeat(1e6))).toEqual([]);
    for (let at = 0; at < 3000; at += 1) own.findModel("openai", `gpt-4o-${at}`);
    const found = own.findModel("openai", "gpt-4o");
    expect(found?.id).toBe("gpt-4o");
    expect(own.findModel("openai", "gpt-4o")).toBe(found);
  });
});

describe("who has a bare model name", () => {
  test("the home vendor comes first, always in the same order", () => {
    expect(catalog.providersOf("gpt-4o-mini")[0]).toBe("openai");
    expect(catalog.providersOf("claude-sonnet-4-5")[0]).toBe("anthropic");
    expect(catalog.providersOf("gemini-2.5-pro").slice(0, 3)).toEqual(["gemini", "google", "vertex"]);
    expect(catalog.providersOf("text-embedding-3-small")[0]).toBe("openai");
    expect(catalog.providersOf("llama-3.3-70b-versatile")).toEqual(["groq"]);
    expect(catalog.providersOf("grok-4.5").slice(0, 2)).toEqual(["x-ai", "xai"]);
  });

  test("Gemini's place has none of the vendor's Claude models", () => {
    expect(catalog.providersOf("claude-sonnet-4-5")).not.toContain("gemini");
    expect(catalog.modelsOf("gemini").filter((id) => !/^gem(?:ini|ma)/.test(id))).toEqual([]);
    expect(catalog.modelsOf("gemini")).toContain("gemini-2.5-pro");
  });

  test("a new model goes to the vendor whose name it bears, after those known to have it", () => {
    expect(catalog.providersOf("gpt-99")).toEqual(["openai"]);
    expect(catalog.providersOf("us.anthropic.claude-opus-4-6-v1")[0]).toBe("aws");
    expect(catalog.providersOf("nobody-has-this")).toEqual([]);
  });
});

describe("golden prices", () => {
  const nano = (provider: string, model: string, fields: Partial<Usage>, at = NOW): number => {
    const price = catalog.priceOf(provider, model, at);
    if (price === null) throw new Error(`no price: ${provider}/${model}`);
    return costNano(price, usage(fields));
  };

  test("OpenAI: cached tokens are part of the input, reasoning part of the output", () => {
    // 600 × $2.50 + 400 × $1.25 + 200 × $10 per million
    const fields = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 200, reasoningTokens: 150 };
    expect(nano("openai", "gpt-4o", fields)).toBe(1_500_000 + 500_000 + 2_000_000);
  });

  test("OpenAI audio", () => {
    const price = catalog.priceOf("openai", "gpt-4o-audio-preview", NOW);
    expect(price?.rates).toMatchObject({
      input: 2_500_000,
      audioInput: 40_000_000,
      output: 10_000_000,
      audioOutput: 80_000_000,
    });
    // 100 × $2.50 + 50 × $40 + 10 × $10 + 20 × $80 per million
    const fields = { inputTokens: 150, audioInputTokens: 50, outputTokens: 30, audioOutputTokens: 20 };
    expect(nano("openai", "gpt-4o-audio-preview", fields)).toBe(250_000 + 2_000_000 + 100_000 + 1_600_000);
  });

  test("Anthropic: cache reads, writes for 5 minutes and for an hour, searches", () => {
    // 1000 × $3 + 2000 × $0.30 + 300 × $3.75 + 400 × $6 + 500 × $15 per million, 2 × $10 per thousand
    const fields = {
      inputTokens: 3700,
      cachedInputTokens: 2000,
      cacheWriteTokens: 300,
      cacheWrite1hTokens: 400,
      outputTokens: 500,
      webSearches: 2,
    };
    const tokens = 3_000_000 + 600_000 + 1_125_000 + 2_400_000 + 7_500_000;
    expect(nano("anthropic", "claude-sonnet-4-0", fields)).toBe(tokens + 20_000_000);
  });

  test("Claude at resellers pays twice the input for an hour's cache", () => {
    const rates = catalog.priceOf("bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", NOW)?.rates;
    expect(rates).toMatchObject({ input: 1_000_000, cacheWrite: 1_250_000, cacheWrite1h: 2_000_000 });
  });

  test("Gemini: past 200,000 input tokens the whole call costs more", () => {
    const at = { inputTokens: 200_000, cachedInputTokens: 100_000, outputTokens: 1000 };
    expect(nano("gemini", "gemini-2.5-pro", at)).toBe(125_000_000 + 12_500_000 + 10_000_000);
    const past = { ...at, inputTokens: 200_001 };
    expect(nano("gemini", "gemini-2.5-pro", past)).toBe(100_001 * 2500 + 25_000_000 + 15_000_000);
  });

  test("Gemini searches: older models pay once a call, Gemini 3 by the search", () => {
    const searched = { webSearches: 3 };
    expect(nano("gemini", "gemini-2.5-flash", searched)).toBe(35_000_000);
    expect(nano("gemini", "gemini-3-flash-preview", searched)).toBe(42_000_000);
  });

  test("prices change at their dates and hours", () => {
    const call = { inputTokens: 1_000_000 };
    expect(nano("openai", "o3", call, Date.parse("2025-06-09T23:59:59.999Z"))).toBe(10_000_000_000);
    expect(nano("openai", "o3", call, Date.parse("2025-06-10T00:00:00Z"))).toBe(2_000_000_000);
    expect(nano("deepseek", "deepseek-chat", call, Date.parse("2026-01-01T00:29:59.999Z"))).toBe(135_000_000);
    expect(nano("deepseek", "deepseek-chat", call, Date.parse("2026-01-01T00:30:00Z"))).toBe(270_000_000);
    expect(nano("deepseek", "deepseek-chat", call, Date.parse("2026-01-01T16:30:00Z"))).toBe(135_000_000);
  });

  test("a price per call is paid once, also without tokens", () => {
    expect(nano("perplexity", "sonar", {})).toBe(12_000_000);
  });
});

describe("prices of the operator", () => {
  const overrides = {
    openai: { "gpt-4o": { input: 1, output: 2, cached_input: undefined }, "gpt-*": { input: 7, output: 7 } },
    mine: { "*": { input: 0, output: 0 } },
  };

  test("replace the catalog's as a whole, by id before glob", () => {
    const price = catalog.priceOf("openai", "gpt-4o", NOW, overrides);
    expect(price?.rates).toMatchObject({
      input: 1_000_000,
      cachedInput: 1_000_000,
      cacheWrite1h: 1_000_000,
      output: 2_000_000,
    });
    expect(catalog.priceOf("openai", "gpt-4.1", NOW, overrides)?.rates.input).toBe(7_000_000);
    expect(catalog.priceOf("openai", "o3", NOW, overrides)?.rates.input).toBe(2_000_000);
    expect(catalog.priceOf("anthropic", "claude-opus-5", NOW, overrides)?.rates.input).toBe(5_000_000);
  });

  test("a price of zero is a price", () => {
    const price = catalog.priceOf("mine", "llama", NOW, overrides);
    expect(price === null ? null : costNano(price, usage({ inputTokens: 10 }))).toBe(0);
    expect(catalog.priceOf("__proto__", "llama", NOW, overrides)).toBeNull();
  });
});
