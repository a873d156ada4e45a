/**
 * Writes `models.json` from the price data of `@pydantic/genai-prices`. Run it with Bun after changing that package's version:
 * `bun src/domain/catalog/generate.ts`. The same version gives the same bytes.
 */
import { waitForUpdate, type MatchLogic, type ModelInfo, type ModelPrice, type Provider } from "@pydantic/genai-prices";
import type { CatalogData, MatchRow, ModelRow, PriceRow, RatesRow, SourceRow } from "./data.ts";
import { compileMatch } from "./match.ts";

type RateName = Exclude<keyof RatesRow, "web_search_per_call">;

const RATE_KEYS: Record<string, RateName> = {
  input_mtok: "input",
  output_mtok: "output",
  cache_read_mtok: "cached_input",
  cache_write_mtok: "cache_write",
  cache_write_1h_mtok: "cache_write_1h",
  output_reasoning_mtok: "reasoning",
  input_audio_mtok: "audio_input",
  output_audio_mtok: "audio_output",
  web_searches_kcount: "web_search_per_thousand",
  requests_kcount: "request_per_thousand",
};

/** Output that is billed by what it shows: the number of output tokens alone does not tell the cost, so the price is unknown. */
const MIXED_OUTPUT = ["output_image_mtok", "output_video_mtok"];

/** What the source lacks, with the vendor's page. */
const RATE_SUPPLEMENT: { source: string; prefix: string; rates: Partial<RatesRow> }[] = [
  // https://ai.google.dev/gemini-api/docs/pricing: Gemini 3 pays per search, older ones once a call.
  { source: "google", prefix: "gemini-3", rates: { web_search_per_thousand: 14 } },
  { source: "google", prefix: "gemini-2.", rates: { web_search_per_thousand: 35, web_search_per_call: true } },
  // https://developers.openai.com/api/docs/models/gpt-4o-audio-preview and gpt-4o-mini-audio-preview
  { source: "openai", prefix: "gpt-4o-audio-preview", rates: { audio_input: 40, audio_output: 80 } },
  { source: "openai", prefix: "gpt-4o-mini-audio-preview", rates: { audio_input: 10, audio_output: 20 } },
];

/** Ids of a vendor's own that the source's rule for the vendor leaves out. */
const HOME_SUPPLEMENT: Record<string, MatchRow> = {
  cohere: ["^embed-", "^rerank-", "^c4ai-"],
  openai: ["^text-embedding-", "^chatgpt-", "^tts-", "^dall-e-", "^omni-moderation-", "^codex-", "^computer-use-"],
  perplexity: ["^sonar"],
};

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing: one hour costs twice the input. */
const HOUR_CACHE_FACTOR = 2;

function tierStarts(prices: ModelPrice): number[] {
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === "object") for (const tier of price.tiers) starts.add(tier.start);
  }
  return [...starts].toSorted((one, other) => one - other);
}

/** The price of `key` for an input of more than `above` tokens; -1 stands for the base. */
function priceAbove(prices: ModelPrice, key: string, above: number): number | undefined {
  const price = prices[key];
  if (typeof price !== "object") return price;
  return price.tiers.findLast((tier) => tier.start <= above)?.price ?? price.base;
}

function ratesRow(provider: Provider, model: ModelInfo, prices: ModelPrice, above: number): RatesRow | undefined {
  const rates: Partial<RatesRow> = {};
  for (const [key, name] of Object.entries(RATE_KEYS)) {
    const price = priceAbove(prices, key, above);
    if (price !== undefined) rates[name] = price;
  }
  const { input } = rates;
  if (input === undefined || MIXED_OUTPUT.some((key) => key in prices)) return undefined;
  if (model.id.includes("claude") && rates.cache_write !== undefined)
    rates.cache_write_1h ??= input * HOUR_CACHE_FACTOR;
  return { ...supplement(provider, model), ...rates, input };
}

function supplement(provider: Provider, model: ModelInfo): Partial<RatesRow> {
  return RATE_SUPPLEMENT.find((each) => each.source === provider.id && model.id.startsWith(each.prefix))?.rates ?? {};
}

function priceRow(provider: Provider, model: ModelInfo, prices: ModelPrice): PriceRow | undefined {
  const rates = ratesRow(provider, model, prices, -1);
  if (rates === undefined) return undefined;
  const tiers = tierStarts(prices).flatMap((above) => {
    const row = ratesRow(provider, model, prices, above);
    return row === undefined ? [] : [{ above, rates: row }];
  });
  return tiers.length === 0 ? { rates } : { rates, tiers };
}

function secondsOfDay(text: string): number {
  const found = /^(\d{2}):(\d{2}):(\d{2})Z$/.exec(text);
  if (found === null) throw new Error(`time of day in a form not known: ${text}`);
  return Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]);
}

function priceRows(provider: Provider, model: ModelInfo): PriceRow[] {
  const all = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  return all.flatMap(({ constraint, prices }) => {
    const row = priceRow(provider, model, prices);
    if (row === undefined) return [];
    if (constraint === undefined) return [row];
    if (constraint.type === "start_date") return [{ from: constraint.start_date, ...row }];
    return [{ daily: [secondsOfDay(constraint.start_time), secondsOfDay(constraint.end_time)], ...row }];
  });
}

function leaf(match: MatchLogic): string | undefined {
  if ("equals" in match) return `=${match.equals}`;
  if ("starts_with" in match) return `^${match.starts_with}`;
  if ("ends_with" in match) return `$${match.ends_with}`;
  if ("contains" in match) return `~${match.contains}`;
  return "regex" in match ? `/${match.regex}` : undefined;
}

function matchRow(match: MatchLogic): MatchRow {
  const single = leaf(match);
  if (single !== undefined) return [single];
  if ("or" in match) return match.or.flatMap(matchRow);
  if (!("and" in match)) throw new Error(`match in a form not known: ${JSON.stringify(match)}`);
  const all = match.and.map(leaf);
  return [{ all: all.map((each) => each ?? fail(`nested match: ${JSON.stringify(match)}`)) }];
}

function fail(message: string): never {
  throw new Error(message);
}

function modelRow(provider: Provider, model: ModelInfo): ModelRow {
  const row = matchRow(model.match);
  const match = row.filter((each) => each !== `=${model.id}`);
  const prices = priceRows(provider, model);
  return {
    id: model.id,
    ...(!compileMatch(row)(model.id.toLowerCase()) && { label: true }),
    ...(model.context_window !== undefined && { context: model.context_window }),
    ...(match.length > 0 && { match }),
    ...(prices.length > 0 && { prices }),
  };
}

function sourceRow(provider: Provider): SourceRow {
  const stated = provider.model_match === undefined ? [] : matchRow(provider.model_match);
  const home = [...stated, ...(HOME_SUPPLEMENT[provider.id] ?? [])];
  return {
    ...(home.length > 0 && { home }),
    ...(provider.fallback_model_providers !== undefined && { fallbacks: provider.fallback_model_providers }),
    models: provider.models.map((model) => modelRow(provider, model)),
  };
}

/** The text of `models.json`: one line a model, so that updates read well. */
function printData(data: CatalogData): string {
  const { providers, ...head } = data;
  const blocks = Object.entries(providers).map(([id, { models, ...rest }]) => {
    const lines = models.map((model) => `      ${JSON.stringify(model)}`).join(",\n");
    const fields = Object.entries(rest).map(
      ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
    );
    return `    ${JSON.stringify(id)}: {\n${fields.join("")}      "models": [\n${lines}\n      ]\n    }`;
  });
  const start = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${start.join("")}  "providers": {\n${blocks.join(",\n")}\n  }\n}\n`;
}

interface PackageFacts {
  name: string;
  version: string;
  license: string;
}

const PACKAGE = new URL("../../../node_modules/@pydantic/genai-prices/package.json", import.meta.url);

/** The data of the installed package in our form. */
export async function generateData(): Promise<CatalogData> {
  const source = JSON.parse(await Bun.file(PACKAGE).text()) as PackageFacts;
  const providers = (await waitForUpdate()) ?? fail("the package holds no data");
  const sorted = providers.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return {
    source: source.name,
    version: source.version,
    license: source.license,
    providers: Object.fromEntries(sorted.map((provider) => [provider.id, sourceRow(provider)])),
  };
}

if (import.meta.main) await Bun.write(new URL("models.json", import.meta.url), printData(await generateData()));
