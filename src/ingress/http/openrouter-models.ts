import { CAPABILITIES, type Capability, type Catalog, type Price } from "../../domain/catalog/index.ts";

const PICO_PER_USD = 1e12;

/** Request parameters by what a model can do, of those that OpenRouter's clients look for. */
const PARAMETERS: Partial<Record<Capability, readonly string[]>> = {
  tools: ["tools", "tool_choice"],
  parallel_tools: ["parallel_tool_calls"],
  structured_output: ["response_format", "structured_outputs"],
  reasoning: ["reasoning", "include_reasoning"],
  web_search: ["web_search_options"],
};
const ALWAYS = ["max_tokens", "temperature", "top_p", "stop"];

const INPUTS: readonly (readonly [Capability, string])[] = [
  ["vision", "image"],
  ["files", "file"],
  ["audio_input", "audio"],
  ["video_input", "video"],
];

/**
 * A model in OpenRouter's shape: https://openrouter.ai/docs/api-reference/list-available-models. Prices are texts of US dollars
 * per token; one that is not known is absent, never "0".
 */
export function openrouterModel(id: string, created: number, catalog: Catalog, now: number): object {
  const slash = id.indexOf("/");
  const [provider, model] = slash < 0 ? ["", id] : [id.slice(0, slash), id.slice(slash + 1)];
  const known = catalog.findModel(provider, model);
  const can = capabilitiesOf(known?.can ?? "");
  const price = catalog.priceOf(provider, model, now);
  const inputs = ["text", ...INPUTS.filter(([name]) => can.has(name)).map(([, input]) => input)];
  const outputs = can.has("audio_output") ? ["text", "audio"] : ["text"];
  const context = known?.contextWindow ?? null;
  return {
    id,
    canonical_slug: id,
    name: id,
    created,
    description: "",
    context_length: context,
    architecture: {
      modality: `${inputs.join("+")}->${outputs.join("+")}`,
      input_modalities: inputs,
      output_modalities: outputs,
      tokenizer: "Other",
      instruct_type: null,
    },
    pricing: price === null ? {} : pricing(price),
    top_provider: {
      context_length: context,
      max_completion_tokens: known?.maxOutputTokens ?? null,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: [...ALWAYS, ...[...can].flatMap((name) => PARAMETERS[name] ?? [])],
    expiration_date: known?.ends ?? null,
  };
}

function capabilitiesOf(letters: string): Set<Capability> {
  const names = Object.keys(CAPABILITIES) as Capability[];
  return new Set(names.filter((name) => letters.includes(CAPABILITIES[name])));
}

function pricing({ rates }: Price): Record<string, string> {
  return {
    prompt: usd(rates.input),
    completion: usd(rates.output),
    input_cache_read: usd(rates.cachedInput),
    input_cache_write: usd(rates.cacheWrite),
    internal_reasoning: usd(rates.reasoning),
    request: usd(rates.request),
    ...(rates.webSearch !== null && { web_search: usd(rates.webSearch) }),
  };
}

/** Plain digits: clients compare and multiply these texts. */
function usd(pico: number): string {
  return (pico / PICO_PER_USD).toFixed(12).replace(/\.?0+$/, "");
}
