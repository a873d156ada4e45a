import { describe, expect, test } from "bun:test";
import { emptyUsage, type Usage } from "../../canonical/usage.ts";
import { costNano, decodeLitellm, filterModels, isPriced, openCatalog, presentModel } from "./index.ts";

const catalog = openCatalog();
const NOW = Date.parse("2026-11-20T12:00:00Z");
const usage = (fields: Partial<Usage>): Usage => ({ ...emptyUsage(), ...fields });

function costOf(provider: string, model: string, used: Partial<Usage>, tier?: string): number | null {
  const price = catalog.priceOf(provider, model, NOW);
  return price === null || !isPriced(price, usage(used)) ? null : costNano(price, usage(used), tier);
}

describe("facts beside prices", () => {
  test("limits, capabilities, ends and successors", () => {
    const model = catalog.findModel("openai", "gpt-5");
    expect(model).toMatchObject({
      maxOutputTokens: 128_000,
      kind: "chat",
      ends: "2026-12-11",
      successor: "gpt-5.6-sol",
    });
    expect(presentModel("openai", "gpt-5", model, null).capabilities).toEqual(
      expect.arrayContaining(["tools", "parallel_tools", "structured_output", "vision", "reasoning"]),
    );
    expect(catalog.findModel("openai", "text-embedding-3-small")).toMatchObject({
      kind: "embeddings",
      dimensions: 1536,
    });
  });

  test("what is billed by the piece", () => {
    expect(costOf("openai", "whisper-1", { units: { audio_seconds: 60 } })).toBe(6_000_000);
    expect(costOf("openai", "tts-1", { units: { characters: 1000 } })).toBe(15_000_000);
    expect(costOf("cohere", "rerank-v3.5", { units: { searches: 2 } })).toBe(4_000_000);
  });

  test("pieces without a rate, and tokens of what is billed by pieces, leave the cost unknown, not zero", () => {
    expect(costOf("openai", "gpt-4o", { inputTokens: 10, units: { pages: 1 } })).toBeNull();
    expect(costOf("openai", "whisper-1", { inputTokens: 10 })).toBeNull();
    expect(costOf("openai", "whisper-1", { units: { images: 1 } })).toBeNull();
  });

  test("service tiers have rates of their own", () => {
    const used = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    expect(costOf("openai", "gpt-5", used)).toBe(11_250_000_000);
    expect(costOf("openai", "gpt-5", used, "flex")).toBe(5_625_000_000);
    expect(costOf("openai", "gpt-5", used, "priority")).toBe(22_500_000_000);
    expect(costOf("openai", "gpt-5", used, "default")).toBe(11_250_000_000);
    expect(costOf("openai", "gpt-5", used, "__proto__")).toBe(11_250_000_000);
  });

  test("images within tokens have their own rate", () => {
    const model = "gemini-3.1-flash-image";
    expect(costOf("gemini", model, { outputTokens: 1000 })).toBe(3_000_000);
    expect(costOf("gemini", model, { outputTokens: 1000, imageOutputTokens: 1000 })).toBe(60_000_000);
  });
});

const SHEET = {
  sample_spec: { litellm_provider: "one of …", mode: "one of …" },
  "gpt-4o": { litellm_provider: "openai", mode: "chat", input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
  "gpt-99": {
    litellm_provider: "openai",
    mode: "chat",
    input_cost_per_token: 0,
    output_cost_per_token: 0,
    max_tokens: 5,
  },
  "groq/llama-x": { litellm_provider: "groq", input_cost_per_token: "3e-6", output_cost_per_token: 4e-6 },
  "bedrock/us-east-1/meta.x": { litellm_provider: "bedrock", input_cost_per_token: 1 },
  "1024-x-1024/dall-e-9": { litellm_provider: "openai", output_cost_per_image: 1 },
  nonsense: 3,
  "unknown/x": { litellm_provider: "nobody", input_cost_per_token: 1 },
};

describe("a data sheet", () => {
  test("entries that make sense are taken; a price of nothing is unknown", () => {
    const { providers } = decodeLitellm(SHEET, "test", "1");
    expect(
      Object.fromEntries(Object.entries(providers).map(([name, rows]) => [name, rows.map(({ id }) => id)])),
    ).toEqual({
      groq: ["llama-x"],
      openai: ["gpt-4o", "gpt-99"],
    });
    expect(providers["openai"]?.[1]).toEqual({ id: "gpt-99", context: 5 });
    expect(() => decodeLitellm([1], "test", "1")).toThrow("no JSON object");
  });

  test("its prices stand above those that came with the program until it is taken away", () => {
    const own = openCatalog();
    const input = () => own.priceOf("openai", "gpt-4o", NOW)?.rates.input;
    const before = input();
    own.refresh(decodeLitellm(SHEET, "test", "1"));
    expect(input()).toBe(1_000_000);
    expect(own.priceOf("openai", "gpt-99", NOW)).toBeNull();
    expect(own.providersOf("llama-x")).toEqual(["groq"]);
    expect(own.findModel("openai", "gpt-5")?.contextWindow).toBeGreaterThan(100_000);
    own.refresh(null);
    expect(input()).toBe(before as number);
  });
});

describe("a list of models", () => {
  const models = ["gpt-5", "whisper-1"].map((model) =>
    presentModel("openai", model, catalog.findModel("openai", model), catalog.priceOf("openai", model, NOW)),
  );
  const ids = (query: string) => filterModels(models, new URLSearchParams(query)).map(({ model }) => model);

  test("is narrowed by provider, kind, capability and text", () => {
    expect(ids("")).toEqual(["gpt-5", "whisper-1"]);
    expect(ids("kind=transcription")).toEqual(["whisper-1"]);
    expect(ids("capability=tools&search=GPT")).toEqual(["gpt-5"]);
    expect(ids("provider=groq")).toEqual([]);
  });

  test("refuses what it does not know, with its name", () => {
    expect(() => ids("kind=chats")).toThrow("kind: must be chat");
    expect(() => ids("sort=x")).toThrow('unknown query parameter "sort"');
  });

  test("shows an unknown price as null", () => {
    expect(presentModel("x", "y", null, null)).toMatchObject({
      pricing: null,
      context_window: null,
      capabilities: null,
    });
  });
});
