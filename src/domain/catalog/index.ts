import { Catalog } from "./catalog.ts";
import type { CatalogData } from "./data.ts";
import facts from "./facts.json" with { type: "json" };
import type { FactsData } from "./facts.ts";
import models from "./models.json" with { type: "json" };

export { Catalog } from "./catalog.ts";
export type { CatalogModel } from "./catalog-model.ts";
export { costNano, isPriced } from "./cost.ts";
export { statedCostNano } from "./stated-cost.ts";
export { filterModels, MODEL_PARAMETERS } from "./model-query.ts";
export { presentModel, type PresentedModel } from "./present.ts";
export { CAPABILITIES, type Capability, type FactsData, type ModelKind } from "./facts.ts";
export { decodeLitellm } from "./litellm-facts.ts";
export { overriddenPrice } from "./overrides.ts";
export type { PriceOverride, PriceOverrides } from "./overrides.ts";
export type { DatedPrice, Price, Rates } from "./price.ts";

/** The catalog that comes with the program. */
export function openCatalog(): Catalog {
  return new Catalog(models as unknown as CatalogData, facts as unknown as FactsData);
}
