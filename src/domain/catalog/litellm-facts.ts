import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { UsageUnit } from "../../canonical/usage.ts";
import { SERVICES, type PriceRow, type RatesRow, type Service } from "./data.ts";
import { CAPABILITIES, type Capability, type FactRow, type FactsData, type ModelKind } from "./facts.ts";

/**
 * Reads model facts in the form of LiteLLM's `model_prices_and_context_window.json`, which other gateways' data sheets share:
 * https://docs.litellm.ai/docs/provider_registration/add_model_pricing
 */

/** Our names of its providers; others are left out. */
const PROVIDERS: Readonly<Record<string, string>> = {
  ai21: "ai21",
  aihubmix: "aihubmix",
  anthropic: "anthropic",
  assemblyai: "assemblyai",
  azure: "azure",
  baseten: "baseten",
  bedrock: "bedrock",
  bedrock_converse: "bedrock",
  cerebras: "cerebras",
  cloudflare: "cloudflare",
  cohere: "cohere",
  cohere_chat: "cohere",
  crusoe: "crusoe",
  dashscope: "dashscope",
  databricks: "databricks",
  deepgram: "deepgram",
  deepinfra: "deepinfra",
  deepseek: "deepseek",
  elevenlabs: "elevenlabs",
  featherless_ai: "featherless",
  fireworks_ai: "fireworks",
  "fireworks_ai-embedding-models": "fireworks",
  friendliai: "friendli",
  gemini: "gemini",
  github: "github-models",
  gmi: "gmi",
  groq: "groq",
  heroku: "heroku",
  hyperbolic: "hyperbolic",
  inception: "inception",
  jina_ai: "jina",
  lambda_ai: "lambda",
  meta: "meta",
  minimax: "minimax",
  mistral: "mistral",
  moonshot: "moonshot",
  morph: "morph",
  nebius: "nebius",
  novita: "novita",
  nscale: "nscale",
  nvidia_nim: "nvidia",
  ollama: "ollama",
  openai: "openai",
  openrouter: "openrouter",
  ovhcloud: "ovhcloud",
  parasail: "parasail",
  perplexity: "perplexity",
  publicai: "publicai",
  replicate: "replicate",
  runwayml: "runway",
  sambanova: "sambanova",
  sarvam: "sarvam",
  scaleway: "scaleway",
  snowflake: "snowflake",
  stability: "stability",
  tencent: "tencent",
  "text-completion-openai": "openai",
  together_ai: "together",
  v0: "v0",
  vercel_ai_gateway: "vercel",
  vertex_ai: "vertex",
  "vertex_ai-anthropic_models": "vertex",
  "vertex_ai-embedding-models": "vertex",
  "vertex_ai-image-models": "vertex",
  "vertex_ai-language-models": "vertex",
  "vertex_ai-llama_models": "vertex",
  "vertex_ai-mistral_models": "vertex",
  "vertex_ai-video-models": "vertex",
  volcengine: "volcengine",
  voyage: "voyage",
  wandb: "wandb",
  watsonx: "watsonx",
  xai: "xai",
  zai: "zai",
};

const KINDS: Readonly<Record<string, ModelKind>> = {
  audio_speech: "speech",
  audio_transcription: "transcription",
  chat: "chat",
  completion: "completion",
  embedding: "embeddings",
  image_edit: "image",
  image_generation: "image",
  moderation: "moderation",
  ocr: "ocr",
  realtime: "realtime",
  rerank: "rerank",
  responses: "chat",
  video_generation: "video",
};

const FLAGS: Readonly<Record<Capability, string>> = {
  tools: "supports_function_calling",
  parallel_tools: "supports_parallel_function_calling",
  tool_choice: "supports_tool_choice",
  structured_output: "supports_response_schema",
  vision: "supports_vision",
  audio_input: "supports_audio_input",
  audio_output: "supports_audio_output",
  video_input: "supports_video_input",
  files: "supports_pdf_input",
  reasoning: "supports_reasoning",
  prompt_caching: "supports_prompt_caching",
  web_search: "supports_web_search",
  computer_use: "supports_computer_use",
};

/** Fields of US dollars per token, by the rate that they are. */
const TOKEN_RATES: Readonly<Record<string, keyof Omit<RatesRow, "units" | "web_search_per_call">>> = {
  input_cost_per_token: "input",
  output_cost_per_token: "output",
  cache_read_input_token_cost: "cached_input",
  cache_creation_input_token_cost: "cache_write",
  cache_creation_input_token_cost_above_1hr: "cache_write_1h",
  output_cost_per_reasoning_token: "reasoning",
  input_cost_per_audio_token: "audio_input",
  output_cost_per_audio_token: "audio_output",
  input_cost_per_image_token: "image_input",
  output_cost_per_image_token: "image_output",
};

/** Fields of US dollars per piece; of several for one unit the first that is there counts. */
const UNIT_RATES: readonly (readonly [string, UsageUnit])[] = [
  ["input_cost_per_query", "searches"],
  ["output_cost_per_image", "images"],
  ["input_cost_per_image", "images"],
  ["input_cost_per_character", "characters"],
  ["input_cost_per_second", "audio_seconds"],
  ["output_cost_per_video_per_second", "video_seconds"],
  ["output_cost_per_second", "video_seconds"],
  ["ocr_cost_per_page", "pages"],
];

const SERVICE_SUFFIX: Readonly<Record<Service, string>> = { batch: "_batches", flex: "_flex", priority: "_priority" };
const PER_MILLION = 1e6;

/** Reads a data sheet; entries that it cannot make sense of are left out. Throws when it is no object of entries. */
export function decodeLitellm(sheet: unknown, source: string, version: string): FactsData {
  if (!isJsonObject(sheet)) throw new TypeError("the data sheet is no JSON object");
  const providers: Record<string, FactRow[]> = {};
  for (const [key, entry] of Object.entries(sheet)) {
    if (!isJsonObject(entry)) continue;
    const vendor = textOf(entry["litellm_provider"]);
    const provider = vendor !== undefined && Object.hasOwn(PROVIDERS, vendor) ? PROVIDERS[vendor] : undefined;
    const id = provider === undefined ? null : idOf(key);
    if (provider === undefined || id === null) continue;
    (providers[provider] ??= []).push(factRow(id, entry));
  }
  return { source, version, license: "MIT", providers: sorted(providers) };
}

function sorted(providers: Record<string, FactRow[]>): Record<string, FactRow[]> {
  const names = Object.keys(providers).toSorted();
  return Object.fromEntries(names.map((name) => [name, unique(providers[name] ?? [])]));
}

/** The same model stands under several keys; the first one in order of id and facts stays. */
function unique(rows: readonly FactRow[]): FactRow[] {
  const byId = new Map<string, FactRow>();
  for (const row of rows) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Prefixes that name the vendor, not the model; what names a region, size or quality in front is no model of its own. */
const VENDOR_PREFIX =
  /^(?:aihubmix|azure|bedrock|bedrock\/converse|cerebras|cloudflare|cohere|cohere_chat|crusoe|dashscope|databricks|deepgram|deepinfra|deepseek|elevenlabs|featherless_ai|fireworks_ai|friendliai|gemini|github|gmi|groq|heroku|hyperbolic|inception|jina_ai|lambda_ai|meta|minimax|mistral|moonshot|morph|nebius|novita|nscale|nvidia_nim|ollama|openai|openrouter|ovhcloud|parasail|perplexity|publicai|replicate|runwayml|sambanova|sarvam|scaleway|snowflake|stability|tencent|together_ai|v0|vercel_ai_gateway|vertex_ai|volcengine|voyage|wandb|watsonx|xai|zai|anthropic|ai21|assemblyai|baseten)\//;
const VARIANT =
  /^(?:[a-z]{2}(?:-[a-z]+)+-\d\/|(?:us|eu|global|apac|au|jp)\/|(?:low|medium|high|standard|hd|auto)\/|\d+-x-\d+\/|\*)/;

function idOf(key: string): string | null {
  const id = key.replace(VENDOR_PREFIX, "");
  return id === "" || VARIANT.test(id) || id.includes("commitment") ? null : id;
}

function factRow(id: string, entry: JsonObject): FactRow {
  const mode = textOf(entry["mode"]) ?? "chat";
  const kind = (Object.hasOwn(KINDS, mode) ? KINDS[mode] : undefined) ?? "chat";
  const price = priceRow(entry, "", kind);
  const services = servicesOf(entry, kind);
  return {
    id,
    ...(kind !== "chat" && { kind }),
    ...limitsOf(entry, kind),
    ...lifeOf(entry),
    ...(price !== null && { price }),
    ...(services.length > 0 && { services: Object.fromEntries(services) }),
  };
}

function limitsOf(entry: JsonObject, kind: ModelKind): Partial<FactRow> {
  const context = numberOf(entry["max_input_tokens"] ?? entry["max_tokens"]);
  const output = kind === "chat" || kind === "completion" ? numberOf(entry["max_output_tokens"]) : undefined;
  const can = capabilitiesOf(entry);
  return {
    ...(context !== undefined && { context }),
    ...(output !== undefined && { output }),
    ...(can !== "" && { can }),
  };
}

function lifeOf(entry: JsonObject): Partial<FactRow> {
  const ends = textOf(entry["deprecation_date"]);
  const successor = textOf(entry["successor_model"]);
  const dimensions = numberOf(entry["output_vector_size"]);
  return {
    ...(ends !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(ends) && { ends }),
    ...(successor !== undefined && { successor: successor.replace(VENDOR_PREFIX, "") }),
    ...(dimensions !== undefined && { dimensions }),
  };
}

function capabilitiesOf(entry: JsonObject): string {
  return Object.entries(FLAGS)
    .filter(([, flag]) => entry[flag] === true)
    .map(([name]) => CAPABILITIES[name as Capability])
    .join("");
}

function servicesOf(entry: JsonObject, kind: ModelKind): (readonly [Service, PriceRow])[] {
  return SERVICES.flatMap((service) => {
    const row = priceRow(entry, SERVICE_SUFFIX[service], kind);
    return row === null ? [] : [[service, row] as const];
  });
}

function priceRow(entry: JsonObject, suffix: string, kind: ModelKind): PriceRow | null {
  const rates = ratesRow(entry, "", suffix, kind);
  if (rates === null) return null;
  const tiers = tierStarts(entry).flatMap((start) => {
    const tier = ratesRow(entry, `_above_${start}k_tokens`, suffix, kind);
    return tier === null ? [] : [{ above: start * 1000, rates: { ...rates, ...tier } }];
  });
  return tiers.length === 0 ? { rates } : { rates, tiers };
}

function tierStarts(entry: JsonObject): number[] {
  const starts = Object.keys(entry).flatMap((key) => {
    const start = /^input_cost_per_token_above_(\d+)k_tokens$/.exec(key)?.[1];
    return start === undefined ? [] : [Number(start)];
  });
  return starts.toSorted((one, other) => one - other);
}

/** Null when not even the price of input, or of a piece, is there. */
function ratesRow(entry: JsonObject, tier: string, suffix: string, kind: ModelKind): RatesRow | null {
  const rates: Partial<RatesRow> = {};
  for (const [field, rate] of Object.entries(TOKEN_RATES)) {
    const usd = numberOf(entry[field + tier + suffix]);
    if (usd !== undefined) rates[rate] = rounded(usd * PER_MILLION);
  }
  const units = tier === "" && suffix === "" ? unitsOf(entry, kind) : {};
  const hasUnits = Object.keys(units).length > 0;
  // A price of nothing is how the sheet writes one that it does not know.
  if (!hasUnits && !(rates.input || rates.output)) return null;
  const search = suffix === "" ? searchRate(entry) : undefined;
  return {
    input: 0,
    ...rates,
    ...(hasUnits && { units }),
    ...(search !== undefined && { web_search_per_thousand: search }),
  };
}

function unitsOf(entry: JsonObject, kind: ModelKind): Partial<Record<UsageUnit, number>> {
  const units: Partial<Record<UsageUnit, number>> = {};
  for (const [field, unit] of UNIT_RATES) {
    const usd = numberOf(entry[field]);
    if (usd === undefined || usd === 0 || units[unit] !== undefined) continue;
    if ((unit === "video_seconds") !== (kind === "video") && field.endsWith("_second")) continue;
    units[unit] = usd;
  }
  return units;
}

function searchRate(entry: JsonObject): number | undefined {
  const cost = entry["search_context_cost_per_query"];
  const usd = isJsonObject(cost) ? numberOf(cost["search_context_size_medium"]) : undefined;
  return usd === undefined ? undefined : rounded(usd * 1000);
}

/** Ten digits: products of binary fractions end in noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(10));
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}
