import type { ProviderFlags } from "../../../src/canonical/dialect.ts";
import type { JsonObject } from "../../../src/canonical/json.ts";
import type { ChatDialect } from "../../../src/canonical/names.ts";
import type { Usage } from "../../../src/canonical/usage.ts";
import type { RatesRow } from "../../../src/domain/catalog/data.ts";

/** One vendor's usage object, what it must come to, and what the call costs. */
export interface UsageCase {
  name: string;
  /** Page that says what the counts mean. */
  docs: string;
  dialect: ChatDialect;
  flags?: ProviderFlags;
  /** As the vendor writes it. */
  wire: JsonObject;
  /** Counts that are not zero. */
  usage: Partial<Usage>;
  /** US dollars a million tokens: of the vendor's own scale, stated here so that the arithmetic can be followed. */
  rates: RatesRow;
  /** Nano-dollars: tokens × (dollars a million × 1,000), term by term. */
  nano: number;
}
