import type { PriceRow, Service } from "./data.ts";

/** What a model is for. */
export const MODEL_KINDS = [
  "chat",
  "completion",
  "embeddings",
  "rerank",
  "moderation",
  "image",
  "speech",
  "transcription",
  "ocr",
  "video",
  "realtime",
] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** What a model of chat can do, each a letter in a row of facts. */
export const CAPABILITIES = {
  tools: "t",
  parallel_tools: "p",
  tool_choice: "c",
  structured_output: "s",
  vision: "v",
  audio_input: "a",
  audio_output: "o",
  video_input: "m",
  files: "f",
  reasoning: "r",
  prompt_caching: "k",
  web_search: "w",
  computer_use: "u",
} as const;
export type Capability = keyof typeof CAPABILITIES;

/** Facts of one model, beside its names in `models.json`. */
export interface FactRow {
  id: string;
  /** Absent: chat. */
  kind?: ModelKind;
  /** Tokens. */
  context?: number;
  output?: number;
  /** Letters of `CAPABILITIES`; absent: not known. */
  can?: string;
  /** ISO date from which the vendor does not serve it any more. */
  ends?: string;
  /** Id of the model that the vendor recommends then. */
  successor?: string;
  /** Length of its vectors. */
  dimensions?: number;
  price?: PriceRow;
  /** What other service tiers cost; absent: what the standard one does. */
  services?: Partial<Record<Service, PriceRow>>;
}

/** Facts by our provider names. */
export interface FactsData {
  source: string;
  version: string;
  license: string;
  providers: Record<string, FactRow[]>;
}

/** Facts, ready to be found by provider and id. */
export class FactIndex {
  private readonly byProvider = new Map<string, Map<string, FactRow>>();

  constructor(data: FactsData) {
    for (const [provider, rows] of Object.entries(data.providers)) {
      this.byProvider.set(provider, new Map(rows.map((row) => [row.id.toLowerCase(), row])));
    }
  }

  /** The facts of a model by its id in lower case, else of the same id without its date, else null. */
  find(provider: string, id: string): FactRow | null {
    const rows = this.byProvider.get(provider);
    if (rows === undefined) return null;
    return rows.get(id) ?? rows.get(withoutDate(id)) ?? null;
  }

  /** Ids that a provider is known to have. */
  ids(provider: string): string[] {
    return [...(this.byProvider.get(provider)?.values() ?? [])].map(({ id }) => id);
  }

  /** Our names of the providers that have a model of this id (lower case). */
  providersOf(id: string): string[] {
    return [...this.byProvider].filter(([, rows]) => rows.has(id)).map(([provider]) => provider);
  }
}

/** Vendors put the date of a version behind a model's name. */
function withoutDate(id: string): string {
  return id.replace(/[-@](?:20\d{2}-?\d{2}-?\d{2}|latest)$/, "");
}
