import type { UsageUnit } from "../../canonical/usage.ts";

/** The form of `models.json`, which `generate.ts` writes. */

/**
 * Which ids a model answers to: any of the listed texts. The first character says how: `=` equals, `^` starts with,
 * `$` ends with, `~` contains, `/` regular expression; `{ all }` wants every one of its texts. Ids are compared in lower case.
 */
export type MatchRow = (string | { all: string[] })[];

/** US dollars per million tokens (`…_per_thousand`: per thousand calls). What is absent costs what its kind costs, see `decodeRates`. */
export interface RatesRow {
  input: number;
  output?: number;
  cached_input?: number;
  cache_write?: number;
  cache_write_1h?: number;
  reasoning?: number;
  audio_input?: number;
  audio_output?: number;
  image_input?: number;
  image_output?: number;
  /** Absent: not known, unless the call itself has a price, which then includes its searches. */
  web_search_per_thousand?: number;
  /** True when a call pays once however often it searches. */
  web_search_per_call?: boolean;
  request_per_thousand?: number;
  /** US dollars per piece. */
  units?: Partial<Record<UsageUnit, number>>;
}

/** Service tiers and ways of delivery that have rates of their own. */
export const SERVICES = ["batch", "flex", "priority"] as const;
export type Service = (typeof SERVICES)[number];

/** One price of a model. Of several, the last whose condition holds is the one; the first has none. */
export interface PriceRow {
  /** ISO 8601 date (UTC) from which it holds. */
  from?: string;
  /** Seconds of the UTC day between which it holds; may wrap around midnight. */
  daily?: [number, number];
  rates: RatesRow;
  /** When the input is longer than `above` tokens, the whole call costs `rates`. */
  tiers?: { above: number; rates: RatesRow }[];
}

export interface ModelRow {
  id: string;
  /** True when `id` only names the row: the vendor's own ids of the model are in `match`. */
  label?: boolean;
  /** Context window in tokens. */
  context?: number;
  /** Beside the id itself, unless that is only a label. */
  match?: MatchRow;
  prices?: PriceRow[];
}

export interface SourceRow {
  /** Ids that are this vendor's own. */
  home?: MatchRow;
  /** Other sources to look in for a price, as the vendor resells their models. */
  fallbacks?: string[];
  models: ModelRow[];
}

export interface CatalogData {
  source: string;
  version: string;
  license: string;
  providers: Record<string, SourceRow>;
}
