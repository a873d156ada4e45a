import { createHash } from "node:crypto";
import { DEFAULT_WEIGHTS, WORD_KINDS, type WordLists } from "../canonical/complexity.ts";
import type { ComplexityData } from "../domain/classify/complexity/data.ts";
import { BUILT_IN_WORDS } from "../domain/classify/complexity/words/index.ts";
import type { ClassifierData, ClassifyData, Example, LabelRule } from "../domain/classify/data.ts";
import type { ClassifierConfig, ComplexityConfig, Config } from "../domain/config/index.ts";
import { patternCondition } from "../domain/config/check/classifiers.ts";

const DEFAULT_TIMEOUT_MS = 300;
/** A model has to write its answer. */
const MODEL_TIMEOUT_MS = 1500;

/** Complexity and classifiers as plain data. */
export function buildClassify(config: Config): ClassifyData {
  const { complexity, classifiers } = config.routing;
  return {
    complexity: complexity.enabled ? buildComplexity(complexity) : null,
    classifiers: Object.entries(classifiers).map(([name, classifier]) => buildClassifier(name, classifier, config)),
  };
}

function buildComplexity(config: ComplexityConfig): NonNullable<ClassifyData["complexity"]> {
  return {
    maxChars: config.max_chars,
    weights: { ...DEFAULT_WEIGHTS, ...config.weights },
    thresholds: config.thresholds,
    words: wordsOf(config),
    memory: { mode: config.memory.mode, ttlMs: config.memory.ttl_seconds * 1000 },
  };
}

function wordsOf({ words, more_words: more }: ComplexityConfig): ComplexityData["words"] {
  const lists = WORD_KINDS.map((kind) => [kind, [...(words[kind] ?? BUILT_IN_WORDS[kind]), ...(more[kind] ?? [])]]);
  return Object.fromEntries(lists) as WordLists;
}

function buildClassifier(name: string, config: ClassifierConfig, { providers }: Config): ClassifierData {
  const { kind, model = "" } = config;
  const space = `${model}\n${providers[model.split("/")[0] ?? ""]?.base_url ?? ""}`;
  return {
    name,
    kind,
    when: config.when ?? null,
    defaultLabel: config.default,
    labels: labelsOf(config),
    shadow: config.shadow,
    maxChars: config.max_chars,
    memory: { mode: config.memory.mode, ttlMs: config.memory.ttl_seconds * 1000 },
    threshold: config.threshold,
    timeoutMs: config.timeout_ms ?? (kind === "model" ? MODEL_TIMEOUT_MS : DEFAULT_TIMEOUT_MS),
    rules: config.rules.map(buildRule),
    model,
    space,
    examples: kind === "embedding" ? examplesOf(space, config) : [],
    topK: config.top_k,
    meanings: Object.fromEntries(Object.entries(config.labels).map(([label, texts]) => [label, texts.join(" ")])),
    endpoint: endpointOf(config),
  };
}

function labelsOf(config: ClassifierConfig): string[] {
  const stated = config.kind === "rules" ? config.rules.map(({ label }) => label) : Object.keys(config.labels);
  return [...new Set([...stated, config.default])];
}

function buildRule({ label, when, pattern, keywords }: ClassifierConfig["rules"][number]): LabelRule {
  const conditions = [when, pattern && patternCondition(pattern)].filter((source) => source !== undefined);
  return { label, conditions, keywords };
}

function examplesOf(space: string, { labels }: ClassifierConfig): Example[] {
  return Object.entries(labels).flatMap(([label, texts]) =>
    texts.map((text) => ({ label, text, key: createHash("sha256").update(`${space}\n${text}`).digest("hex") })),
  );
}

function endpointOf({ url, headers }: ClassifierConfig): ClassifierData["endpoint"] {
  if (url === undefined) return null;
  const revealed = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]);
  return { url, headers: Object.fromEntries(revealed) as Record<string, string> };
}
