import type { ClassifierKind } from "../../../canonical/classification.ts";
import type { Path } from "../path.ts";
import type { ClassifierConfig } from "../schema/types.ts";
import type { CheckContext } from "./context.ts";
import { checkModelString, checkProviderName } from "./targets.ts";

/** Rules read `complexity` by another name than classifiers. */
const TAKEN = "complexity";
const MOST_EXAMPLES = 1000;
/** As conversations keep a label by its place in 10 bits. */
const MOST_LABELS = 500;

/** Which keys each kind needs, and which it may have beside those of all. */
const KEYS: Readonly<Record<ClassifierKind, { needs: Key[]; takes: Key[] }>> = {
  rules: { needs: ["rules"], takes: [] },
  embedding: { needs: ["model", "labels"], takes: ["top_k", "timeout_ms"] },
  http: { needs: ["url", "labels"], takes: ["headers", "timeout_ms"] },
  model: { needs: ["model", "labels"], takes: ["timeout_ms"] },
};

const KEYS_OF_KINDS = ["rules", "model", "labels", "top_k", "timeout_ms", "url", "headers"] as const;
type Key = (typeof KEYS_OF_KINDS)[number];

/** Complexity's thresholds, and classifiers: keys of their kinds, conditions, models. */
export function checkClassifiers(context: CheckContext): void {
  const { complexity, classifiers } = context.config.routing;
  const { medium, complex, reasoning } = complexity.thresholds;
  if (medium > complex || complex > reasoning)
    context.problem(["routing", "complexity", "thresholds"], "must grow: medium, complex, reasoning");
  for (const [name, classifier] of Object.entries(classifiers)) {
    const path = ["routing", "classifiers", name];
    if (name === TAKEN) context.problem(path, `the name ${TAKEN} is taken by \`routing.complexity\``, "choose another");
    checkKeys(context, path, classifier);
    checkCondition(context, [...path, "when"], classifier.when);
    checkLabelRules(context, path, classifier);
    checkModel(context, path, classifier);
    checkExamples(context, path, classifier);
  }
}

function checkKeys(context: CheckContext, path: Path, classifier: ClassifierConfig): void {
  const { kind } = classifier;
  const { needs, takes } = KEYS[kind];
  for (const key of KEYS_OF_KINDS) {
    const isStated = isSet(classifier, key);
    if (needs.includes(key) && !isStated)
      context.problem([...path, key], `is required for a classifier of kind ${kind}`);
    if (isStated && !needs.includes(key) && !takes.includes(key))
      context.problem([...path, key], `means nothing for a classifier of kind ${kind}`, "take it out");
  }
}

function isSet(classifier: ClassifierConfig, key: Key): boolean {
  const value = classifier[key];
  if (key === "top_k") return value !== 1;
  return typeof value === "object" ? Object.keys(value).length > 0 : value !== undefined;
}

function checkCondition(context: CheckContext, path: Path, source: string | undefined): void {
  const fault = source === undefined ? null : context.checkTextCondition(source);
  if (fault !== null) context.problem(path, fault.message, fault.remedy);
}

function checkLabelRules(context: CheckContext, path: Path, { rules }: ClassifierConfig): void {
  for (const [at, rule] of rules.entries()) {
    const place = [...path, "rules", at];
    checkCondition(context, [...place, "when"], rule.when);
    checkCondition(context, [...place, "pattern"], rule.pattern && patternCondition(rule.pattern));
    if (rule.when === undefined && rule.pattern === undefined && rule.keywords.length === 0)
      context.problem(place, "has no condition", "add `when`, `pattern` or `keywords`");
  }
}

/** A pattern as the condition that it stands for. */
export function patternCondition(pattern: string): string {
  return `text.matches(${JSON.stringify(pattern)})`;
}

function checkModel(context: CheckContext, path: Path, { kind, model }: ClassifierConfig): void {
  if (model === undefined) return;
  const place = [...path, "model"];
  if (kind === "model") return checkModelString(context, place, model);
  const slash = model.indexOf("/");
  if (slash > 0) checkProviderName(context, place, model.slice(0, slash));
  else context.problem(place, "must be provider/model: vectors of different models cannot be compared");
}

function checkExamples(context: CheckContext, path: Path, { kind, labels }: ClassifierConfig): void {
  const place = [...path, "labels"];
  const count = Object.keys(labels).length;
  if (count > MOST_LABELS) context.problem(place, `${count} labels, at most ${MOST_LABELS} are taken`);
  if (kind !== "embedding") return;
  const lists = Object.entries(labels);
  for (const [label, examples] of lists)
    if (examples.length === 0)
      context.problem([...place, label], "has no examples", "write some texts as callers would");
  const total = lists.reduce((sum, [, examples]) => sum + examples.length, 0);
  if (total > MOST_EXAMPLES) context.problem(place, `${total} examples, at most ${MOST_EXAMPLES} are taken`);
}
