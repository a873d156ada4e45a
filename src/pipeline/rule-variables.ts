import { isJsonObject, type JsonObject } from "../canonical/json.ts";
import type { HeaderSource } from "../domain/identity/credential.ts";
import type { Limit } from "../domain/ledger/reserve.ts";
import type { RuleParty, RuleVariables } from "../domain/route/variables.ts";
import { LazyMap } from "../lib/lazy-map.ts";
import { ClassMap } from "./classify/class-map.ts";
import type { RequestContext } from "./context.ts";
import { HealthMap } from "./health-map.ts";
import type { PartyData } from "./snapshot-data.ts";

const NO_FIELDS: JsonObject = {};

/** The variables of rules over one request; each is worked out when a rule first reads it. */
export class ContextVariables implements RuleVariables {
  model: string;
  provider: string;
  private readonly context: RequestContext;
  private headerMap: HeaderMap | null = null;

  constructor(context: RequestContext, model: string, provider: string) {
    this.context = context;
    this.model = model;
    this.provider = provider;
  }

  get headers(): RuleVariables["headers"] {
    this.headerMap ??= new HeaderMap(this.context.arrival.headers);
    return this.headerMap;
  }

  get params(): JsonObject {
    return this.context.arrival.body.json;
  }

  get metadata(): JsonObject {
    const { arrival, intent } = this.context;
    const own = isJsonObject(arrival.body.json["metadata"]) ? arrival.body.json["metadata"] : NO_FIELDS;
    if (intent === null) return own;
    return { ...own, ...intent.metadata, ...(intent.tags.length > 0 && { tags: intent.tags }) };
  }

  get operation(): string {
    return this.context.arrival.operation;
  }

  get stream(): boolean {
    return this.context.call.stream;
  }

  get input_tokens(): number {
    return this.context.size.inputTokens;
  }

  get has_tools(): boolean {
    return (this.context.chatRequest?.tools.length ?? 0) > 0;
  }

  get has_images(): boolean {
    return this.context.size.hasImages;
  }

  get virtual_key(): RuleParty | null {
    return this.context.caller?.data ?? null;
  }

  get team(): RuleParty | null {
    return this.party("team");
  }

  get customer(): RuleParty | null {
    return this.party("customer");
  }

  get user(): RuleParty | null {
    return this.party("user");
  }

  get budget_used(): number {
    return this.used(this.context.caller?.budgets, "usd");
  }

  get rate_limit_used(): number {
    return this.used(this.context.caller?.rateLimits, "requests");
  }

  get tokens_used(): number {
    return this.used(this.context.caller?.rateLimits, "tokens");
  }

  get health(): RuleVariables["health"] {
    return new HealthMap(this.context);
  }

  get complexity(): RuleVariables["complexity"] {
    return this.context.classes.complexity();
  }

  get classes(): RuleVariables["classes"] {
    return new ClassMap(this.context.classes, this.context.snapshot.classify.classifiers);
  }

  get now(): Date {
    return new Date(this.context.arrival.wall);
  }

  private party(kind: "team" | "customer" | "user"): PartyData | null {
    return this.context.caller?.[kind] ?? null;
  }

  private used(limits: readonly Limit[] | undefined, metric: Limit["data"]["metric"]): number {
    const { counters } = this.context.runtime;
    let most = 0;
    for (const limit of limits ?? []) {
      if (limit.data.metric === metric) most = Math.max(most, limit.usedPercent(counters, this.context.arrival.wall));
    }
    return most;
  }
}

/** Most rules look at one header of a dozen. */
class HeaderMap extends LazyMap<string> {
  private readonly source: HeaderSource;

  constructor(source: HeaderSource) {
    super();
    this.source = source;
  }

  override get(name: string): string | undefined {
    return this.source.get(name) ?? undefined;
  }

  override has(name: string): boolean {
    return this.source.get(name) !== null;
  }

  protected *entriesOf(): Generator<[string, string]> {
    for (const name of this.source.keys()) yield [name, this.source.get(name) ?? ""];
  }
}
