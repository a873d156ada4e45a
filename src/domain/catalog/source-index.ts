import type { ModelRow, SourceRow } from "./data.ts";
import { compileMatch, type Matcher } from "./match.ts";

interface Pattern {
  place: number;
  matches: Matcher;
}

/** The models of one source, ready to be found by id. */
export class SourceIndex {
  readonly fallbacks: readonly string[];
  private readonly models: readonly ModelRow[];
  private readonly home: Matcher | null;
  private readonly exact = new Map<string, number>();
  private readonly listed = new Map<string, number>();
  private readonly patterns: Pattern[] = [];

  constructor(row: SourceRow) {
    this.models = row.models;
    this.fallbacks = row.fallbacks ?? [];
    this.home = row.home === undefined ? null : compileMatch(row.home);
    for (const [place, model] of row.models.entries()) this.add(model, place);
  }

  /** True when the id is one of this vendor's own, listed or not. */
  isHomeOf(id: string): boolean {
    return this.home !== null && this.home(id);
  }

  /** One id of each model, as the vendor writes it; models that only patterns tell are left out. */
  ids(): string[] {
    return this.models.flatMap((model) => {
      if (model.label !== true) return [model.id];
      const written = (model.match ?? []).find((entry) => typeof entry === "string" && entry.startsWith("="));
      return typeof written === "string" ? [written.slice(1)] : [];
    });
  }

  /** The model that an id (lower case) names: by the model's own id, else by the first model whose clauses match. */
  find(id: string): ModelRow | null {
    const place = this.exact.get(id) ?? this.match(id);
    return this.models[place] ?? null;
  }

  private match(id: string): number {
    const listed = this.listed.get(id) ?? this.models.length;
    for (const { place, matches } of this.patterns) {
      if (place >= listed) break;
      if (matches(id)) return place;
    }
    return listed;
  }

  private add(model: ModelRow, place: number): void {
    if (model.label !== true) this.exact.set(model.id.toLowerCase(), place);
    const others = (model.match ?? []).filter((entry) => {
      if (typeof entry !== "string" || !entry.startsWith("=")) return true;
      const id = entry.slice(1).toLowerCase();
      if (!this.listed.has(id)) this.listed.set(id, place);
      return false;
    });
    if (others.length > 0) this.patterns.push({ place, matches: compileMatch(others) });
  }
}
