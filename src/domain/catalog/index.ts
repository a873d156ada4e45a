import { Catalog } from "./catalog.ts";
import type { CatalogData } from "./data.ts";
import models from "./models.json" with { type: "json" };

export { Catalog, type CatalogModel } from "./catalog.ts";
export { costNano, isPriced } from "./cost.ts";
export type { PriceOverride, PriceOverrides } from "./overrides.ts";
export type { DatedPrice, Price, Rates } from "./price.ts";

/** The catalog that comes with the program. */
export function openCatalog(): Catalog {
  return new Catalog(models as unknown as CatalogData);
}
