import type { Classification, ClassSource } from "../../canonical/classification.ts";
import type { GatewayError } from "../../canonical/errors.ts";
import type { RuleClass, RuleComplexity } from "../../domain/route/variables.ts";
import type { RequestContext } from "../context.ts";
import { ContextVariables } from "../rule-variables.ts";
import { lastUserText } from "./asked-text.ts";
import { ClassFailure } from "./class-method.ts";
import { conversationOf, keyOf, type Conversation } from "./conversation.ts";
import type { ReadyClassifier, ReadyClassify } from "./ready-classify.ts";
import { scoreChat } from "./score-chat.ts";

/** What is found out about one request: each thing once, when a rule first reads it. */
export class RequestClasses {
  /** Classifiers that a rule wants and that have to ask elsewhere first. */
  readonly wanted = new Set<ReadyClassifier>();
  private readonly context: RequestContext;
  private readonly known = new Map<string, RuleClass>();
  private scored: RuleComplexity | null = null;
  private talk: Conversation | null = null;

  constructor(context: RequestContext) {
    this.context = context;
  }

  private get ready(): ReadyClassify {
    return this.context.snapshot.classify;
  }

  private get conversation(): Conversation {
    this.talk ??= conversationOf(this.context);
    return this.talk;
  }

  /** How demanding the request is; null for what is no chat. */
  complexity(): RuleComplexity | null {
    const { context } = this;
    const { scorer, memory } = this.ready;
    if (this.scored !== null || scorer === null || memory === null || context.chatRequest === null) return this.scored;
    const begun = context.runtime.clock.monotonic();
    const { found, source } = scoreChat(context, scorer, memory, () => this.conversation);
    this.note("complexity", { label: found.tier, score: found.score, source }, begun);
    this.scored = found;
    return found;
  }

  /** What a classifier found; undefined for one that there is not, or that has to ask first: then it is wanted. */
  read(name: string): RuleClass | undefined {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const classifier = this.ready.classifiers.get(name);
    if (classifier === undefined) return undefined;
    const found = classifier.data.shadow ? classifier.fallback : this.findNow(classifier);
    if (found === null) this.wanted.add(classifier);
    else this.known.set(name, found);
    return found ?? undefined;
  }

  /** Asks those that are wanted, all at the same time. Rejects only when the request is cancelled. */
  async askWanted(): Promise<void> {
    const { context } = this;
    const asked = [...this.wanted].map(async (classifier) => {
      const found = await this.ask(classifier);
      this.known.set(classifier.data.name, found);
    });
    this.wanted.clear();
    await new Promise<void>((resolve, reject: (reason: GatewayError) => void) => {
      context.giveUp = reject;
      void Promise.all(asked).then(() => resolve(), reject);
    });
    context.giveUp = null;
    if (context.cancelled !== null) throw context.cancelled;
  }

  /** Runs the classifiers that are only tried, beside the request: nobody waits for them. */
  runShadows(): void {
    const { arrival, chatRequest } = this.context;
    if (chatRequest === null || arrival.operation === "count_tokens") return;
    for (const classifier of this.ready.shadows) if (this.findNow(classifier) === null) void this.ask(classifier);
  }

  /** What is found without asking elsewhere; null: it has to be asked. */
  private findNow(classifier: ReadyClassifier): RuleClass | null {
    const { data, method, fallback } = classifier;
    const { context } = this;
    if (context.chatRequest === null) return fallback;
    const begun = context.runtime.clock.monotonic();
    const text = lastUserText(context.chat, data.maxChars).text;
    const variables = new TextVariables(context, text);
    if (text === "" || (classifier.when !== null && classifier.when.decide(variables) !== true)) return fallback;
    const held = this.recall(classifier);
    if (held !== null) return this.note(data.name, { ...held, source: "memory", shadow: data.shadow }, begun);
    if (method.type === "remote") return null;
    const label = method.rules.find(variables, text);
    const found = label === null ? fallback : { label, score: 1 };
    this.keep(classifier, found);
    return this.note(data.name, { ...found, source: "rules", shadow: data.shadow }, begun);
  }

  /** Asks elsewhere. Never rejects: what fails finds the default. */
  private async ask(classifier: ReadyClassifier): Promise<RuleClass> {
    const { data, method, fallback } = classifier;
    const { context } = this;
    const { clock } = context.runtime;
    const begun = clock.monotonic();
    if (method.type === "rules") return fallback;
    try {
      if (!method.breaker.mayCall(begun))
        throw new ClassFailure("unasked", "it rests, since it failed several times in a row");
      const text = lastUserText(context.chat, data.maxChars).text;
      const found = await method.remote.ask({ context, text });
      if (!data.labels.includes(found.label))
        throw new ClassFailure("answered", "it answered with a label that it does not have");
      method.breaker.noteSuccess();
      const label = found.score < data.threshold ? data.defaultLabel : found.label;
      const value = { label, score: Math.min(1, Math.max(0, found.score)) };
      this.keep(classifier, value);
      return this.note(data.name, { ...value, source: found.source, shadow: data.shadow }, begun);
    } catch (error) {
      const { kind, message: reason } = failureOf(context, error);
      if (kind === "outage") method.breaker.noteFailure(clock.monotonic());
      else if (kind === "answered") method.breaker.noteSuccess();
      return this.note(data.name, { ...fallback, source: "failure", shadow: data.shadow, reason }, begun);
    }
  }

  private recall({ data, signature }: ReadyClassifier): RuleClass | null {
    if (data.memory.mode === "off" || !this.conversation.isUnderWay) return null;
    const { classified, clock } = this.context.runtime;
    const key = keyOf(this.context, this.conversation, signature);
    const held = classified.recall(key, clock.wall());
    const label = held === null ? undefined : data.labels[held.label];
    if (held === null || label === undefined) return null;
    classified.keep(key, held, clock.wall(), data.memory.ttlMs);
    return { label, score: held.score };
  }

  private keep({ data, signature }: ReadyClassifier, { label, score }: RuleClass): void {
    if (data.memory.mode === "off") return;
    const { classified, clock } = this.context.runtime;
    const value = { label: data.labels.indexOf(label), score };
    classified.keep(keyOf(this.context, this.conversation, signature), value, clock.wall(), data.memory.ttlMs);
  }

  /** Puts what was found on the record, unless that is written already. */
  private note(
    classifier: string,
    found: RuleClass & { source: ClassSource; shadow?: boolean; reason?: string },
    begun: number,
  ): RuleClass {
    const { context } = this;
    const ms = Math.round((context.runtime.clock.monotonic() - begun) * 1000) / 1000;
    const score = Math.round(found.score * 1000) / 1000;
    const { label, source, shadow = false, reason } = found;
    const entry: Classification = {
      classifier,
      label,
      score,
      source,
      shadow,
      ms,
      ...(reason !== undefined && { reason }),
    };
    if (!context.isSettled) {
      context.classifications ??= [];
      context.classifications.push(entry);
      context.trace.push({ step: "classifier", result: describe(entry) });
    }
    return { label, score };
  }
}

function failureOf({ runtime }: RequestContext, error: unknown): ClassFailure {
  if (error instanceof ClassFailure) return error;
  runtime.report(error);
  return new ClassFailure("unasked", "the gateway failed on it; its log says how");
}

function describe({ classifier, label, score, source, shadow, ms, reason }: Classification): string {
  const how = [score.toFixed(2), reason ?? source, `${ms.toFixed(1)} ms`, ...(shadow ? ["shadow"] : [])];
  return `${classifier}: ${label} (${how.join(", ")})`;
}

/** The variables of a classifier's condition. */
class TextVariables extends ContextVariables {
  readonly text: string;

  constructor(context: RequestContext, text: string) {
    const { provider, model } = context.snapshot.router.resolver.split(context.call.model);
    super(context, model, provider ?? "");
    this.text = text;
  }
}
