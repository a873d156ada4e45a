import type { ClassifyData, Example } from "../domain/classify/data.ts";
import type { VectorStore } from "../domain/classify/vector-store.ts";
import type { EmbedAnswer, EmbedOrder, VectorEntry } from "./messages.ts";
import { messageOf } from "./journal-loop.ts";
import type { ProcessLog } from "./process-log.ts";

export interface ExampleDeskOptions {
  store: () => VectorStore;
  log: ProcessLog;
  /** Gives an order to a data thread; false when none serves. */
  order(order: EmbedOrder): boolean;
  /** Tells all data threads which vectors are known. */
  known(entries: VectorEntry[]): void;
}

/** Texts of one call. */
const BATCH = 64;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;
/** A thread that has not answered by then will not. */
const PATIENCE_MS = 60_000;
const KEPT_MS = 90 * 86_400_000;

/**
 * Has the examples of classifiers embedded, in the background: those that the store knows are not paid for again. What fails is
 * tried again, after growing pauses, and only when all others had their turn.
 */
export class ExampleDesk {
  private readonly options: ExampleDeskOptions;
  /** By key: the model and text that are wanted, in the order in which they get their turn. */
  private wanted = new Map<string, { model: string; text: string }>();
  private readonly vectors = new Map<string, Float32Array>();
  private under: EmbedOrder | null = null;
  private orders = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private timer: Timer | null = null;
  private isStopped = false;

  constructor(options: ExampleDeskOptions) {
    this.options = options;
  }

  /** These are the examples from now on. */
  want({ classifiers }: ClassifyData): void {
    const examples = classifiers.flatMap(({ model, examples: own }) => own.map((each) => entryOf(model, each)));
    this.wanted = new Map(examples);
    for (const key of this.vectors.keys()) if (!this.wanted.has(key)) this.vectors.delete(key);
    if (this.wanted.size === 0) return;
    this.recall();
    this.tell();
    this.pauseMs = FIRST_PAUSE_MS;
    this.next();
  }

  /** A data thread has answered. */
  take({ order, entries, failure }: EmbedAnswer): void {
    if (this.under?.order !== order) return;
    const { model } = this.under;
    this.under = null;
    if (failure !== null) return this.rest(model, failure);
    if (this.timer !== null) clearTimeout(this.timer);
    this.pauseMs = FIRST_PAUSE_MS;
    for (const [key, vector] of entries) if (this.wanted.has(key)) this.vectors.set(key, vector);
    this.keep(entries);
    this.tell();
    this.next();
    if (this.under === null)
      this.options.log("info", `${this.vectors.size} examples of classifiers have their vectors`);
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private next(): void {
    if (this.isStopped || this.under !== null) return;
    const missing = [...this.wanted].filter(([key]) => !this.vectors.has(key));
    const model = missing[0]?.[1].model;
    if (model === undefined) return;
    const batch = missing.filter(([, each]) => each.model === model).slice(0, BATCH);
    const texts = batch.map(([key, { text }]) => ({ key, text }));
    this.orders += 1;
    this.under = { type: "embed", order: this.orders, model, texts };
    if (this.options.order(this.under)) this.wait(PATIENCE_MS, () => this.giveUp(model));
    else this.wait(FIRST_PAUSE_MS, () => (this.under = null));
  }

  private giveUp(model: string): void {
    this.under = null;
    this.defer(model);
  }

  /** The examples with other models have their turn before those with this one. */
  private defer(model: string): void {
    for (const [key, each] of [...this.wanted]) {
      if (each.model !== model) continue;
      this.wanted.delete(key);
      this.wanted.set(key, each);
    }
  }

  private rest(model: string, failure: string): void {
    const told = `the examples of classifiers with ${model} have no vectors: ${failure}`;
    this.options.log("warn", `${told}; tried again in ${this.pauseMs / 1000} s`);
    this.defer(model);
    this.wait(this.pauseMs, () => (this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2)));
  }

  private wait(milliseconds: number, before: () => void): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      before();
      this.next();
    }, milliseconds);
  }

  private tell(): void {
    this.options.known([...this.vectors]);
  }

  private recall(): void {
    const now = Date.now();
    this.attempt(() => {
      const missing = [...this.wanted.keys()].filter((key) => !this.vectors.has(key));
      for (const [key, vector] of this.options.store().vectors(missing, now)) this.vectors.set(key, vector);
      this.options.store().dropVectors(now - KEPT_MS);
    });
  }

  private keep(entries: readonly VectorEntry[]): void {
    this.attempt(() => this.options.store().keepVectors(entries, Date.now()));
  }

  /** Without the store, vectors are asked for again at the next start. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.log("warn", `vectors of examples are not kept: ${messageOf(error)}`);
    }
  }
}

function entryOf(model: string, { key, text }: Example): [string, { model: string; text: string }] {
  return [key, { model, text }];
}
