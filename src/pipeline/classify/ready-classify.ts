import { ComplexityScorer } from "../../domain/classify/complexity/scorer.ts";
import type { ClassifierData, ClassifyData, MemoryData } from "../../domain/classify/data.ts";
import { CLASSIFIER_ENVIRONMENT, type RuleClass } from "../../domain/route/variables.ts";
import { compileCel, type CelProgram } from "../../lib/cel/index.ts";
import { CallBreaker } from "./call-breaker.ts";
import type { RemoteMethod } from "./class-method.ts";
import { EmbeddingMethod } from "./embedding-method.ts";
import { HttpMethod } from "./http-method.ts";
import { ModelMethod } from "./model-method.ts";
import { RulesMethod } from "./rules-method.ts";

/** A classifier, compiled. */
export interface ReadyClassifier {
  data: ClassifierData;
  when: CelProgram | null;
  /** What rules see where it found nothing. */
  fallback: RuleClass;
  /** What a conversation's memory of it hangs on: another list of labels is another classifier. */
  signature: string;
  method: { type: "rules"; rules: RulesMethod } | { type: "remote"; remote: RemoteMethod; breaker: CallBreaker };
}

type Reads = ReadonlyMap<string, ReadonlySet<string> | null>;

/** Complexity and classifiers of one snapshot, compiled. */
export class ReadyClassify {
  readonly scorer: ComplexityScorer | null;
  readonly memory: MemoryData | null;
  readonly classifiers: ReadonlyMap<string, ReadyClassifier>;
  /** Those that run for every chat, whatever rules read. */
  readonly shadows: readonly ReadyClassifier[];
  /** Scopes with a rule that reads a classifier which has to ask elsewhere. */
  private readonly asking: ReadonlySet<string>;

  /** Throws for a condition, an address or a header that is no good. `reads`: of the rules, by scope. */
  constructor(data: ClassifyData, reads: Reads) {
    this.scorer = data.complexity === null ? null : new ComplexityScorer(data.complexity);
    this.memory = data.complexity?.memory ?? null;
    this.classifiers = new Map(data.classifiers.map((each) => [each.name, ready(each)]));
    this.shadows = [...this.classifiers.values()].filter((each) => each.data.shadow);
    const remote = data.classifiers.filter(({ kind, shadow }) => kind !== "rules" && !shadow).map(({ name }) => name);
    this.asking = askingScopes(reads, remote);
  }

  /** There are no classifiers. */
  get isIdle(): boolean {
    return this.classifiers.size === 0;
  }

  /** Whether a request of these scopes may need a classifier that has to ask elsewhere. Nobody else pays for any. */
  mayAsk(scopes: readonly string[]): boolean {
    return this.asking.size > 0 && scopes.some((scope) => this.asking.has(scope));
  }
}

function askingScopes(reads: Reads, remote: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const [scope, names] of reads) {
    const isAsking = names === null ? remote.length > 0 : remote.some((name) => names.has(name));
    if (isAsking) found.add(scope);
  }
  return found;
}

function ready(data: ClassifierData): ReadyClassifier {
  return {
    data,
    when: data.when === null ? null : compileCel(data.when, CLASSIFIER_ENVIRONMENT),
    fallback: { label: data.defaultLabel, score: 0 },
    signature: JSON.stringify([data.name, data.labels]),
    method: methodOf(data),
  };
}

function methodOf(data: ClassifierData): ReadyClassifier["method"] {
  if (data.kind === "rules") return { type: "rules", rules: new RulesMethod(data) };
  const remote = REMOTE[data.kind](data);
  return { type: "remote", remote, breaker: new CallBreaker() };
}

const REMOTE: Record<Exclude<ClassifierData["kind"], "rules">, (data: ClassifierData) => RemoteMethod> = {
  embedding: (data) => new EmbeddingMethod(data),
  http: (data) => new HttpMethod(data),
  model: (data) => new ModelMethod(data),
};
