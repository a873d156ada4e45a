import {
  openCatalog,
  presentModel,
  type Catalog,
  type FactsData,
  type PresentedModel,
} from "../domain/catalog/index.ts";
import type { Config } from "../domain/config/index.ts";
import { ModelIndex } from "../pipeline/model-index.ts";
import type { SnapshotData } from "../pipeline/snapshot-data.ts";
import { countModels, readCatalogSheet } from "./catalog-sheet.ts";

/** What a refresh brought. */
export interface Refreshed {
  source: string;
  models: number;
}

/** The control thread's knowledge of models: for the management side, and to hand newer facts to the data threads. */
export class ModelsDesk {
  readonly catalog: Catalog = openCatalog();
  private facts: FactsData | null = null;

  /** Facts in force beside those that came with the program. */
  get current(): FactsData | null {
    return this.facts;
  }

  /** Reads the configured data sheet again; null when none is configured. Throws, and keeps the last one, when it is no good. */
  async refresh(config: Config["catalog"]): Promise<Refreshed | null> {
    const facts = await readCatalogSheet(config, this.facts === null ? 0 : countModels(this.facts));
    this.facts = facts;
    this.catalog.refresh(facts);
    return facts === null ? null : { source: facts.source, models: countModels(facts) };
  }

  /** All models of the configured providers. */
  list(data: SnapshotData, live: readonly (readonly [string, readonly string[]])[], now: number): PresentedModel[] {
    const index = new ModelIndex(data.providers, this.catalog);
    index.setLive(new Map(live));
    return data.providers.flatMap((provider) =>
      index.modelsOf(provider).map((model) => {
        const price = this.catalog.priceOf(provider.name, model, now, data.prices);
        return presentModel(provider.name, model, this.catalog.findModel(provider.name, model), price);
      }),
    );
  }
}
