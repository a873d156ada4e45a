import type { Catalog, ModelKind, Price } from "../../domain/catalog/index.ts";

const PICO_PER_USD = 1e12;

/** The kinds that the AI SDK has; the others are none of its models. */
const TYPES: Partial<Record<ModelKind, string>> = {
  chat: "language",
  embeddings: "embedding",
  image: "image",
  rerank: "reranking",
  speech: "speech",
  transcription: "transcription",
  video: "video",
};

/**
 * `GET …/config`, which the AI SDK's gateway provider lists its models from (`gateway-fetch-metadata.ts` of @ai-sdk/gateway):
 * prices are texts of US dollars per token, absent where unknown; `version` is the specification's.
 */
export function aiGatewayConfig(
  models: readonly { id: string; owner: string }[],
  version: 2 | 3 | 4,
  catalog: Catalog,
  now: number,
): object {
  return { models: models.map((model) => configEntry(model, version, catalog, now)) };
}

/** One of the list. */
export function configEntry(
  { id, owner }: { id: string; owner: string },
  version: 2 | 3 | 4,
  catalog: Catalog,
  now: number,
): object {
  const slash = id.indexOf("/");
  const [provider, model] = slash < 0 ? ["", id] : [id.slice(0, slash), id.slice(slash + 1)];
  const price = catalog.priceOf(provider, model, now);
  return {
    id,
    name: id,
    description: null,
    modelType: TYPES[catalog.findModel(provider, model)?.kind ?? "chat"] ?? null,
    pricing: price === null ? null : pricing(price),
    specification: { specificationVersion: `v${version}`, provider: owner, modelId: id },
  };
}

function pricing({ rates }: Price): Record<string, string> {
  return {
    input: usd(rates.input),
    output: usd(rates.output),
    input_cache_read: usd(rates.cachedInput),
    input_cache_write: usd(rates.cacheWrite),
  };
}

/** Without an exponent, which a price is not written with. */
function usd(pico: number): string {
  return (pico / PICO_PER_USD).toFixed(12).replace(/\.?0+$/, "");
}
