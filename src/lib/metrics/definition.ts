/** What a metric is, as data: enough to register it, and to print a reference page of all of them. */
export interface MetricDefinition {
  /** Full name as exposed, counters with their `_total`. */
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  /** Label names, in the order in which values are given. */
  labels: readonly string[];
  /** Histograms only: upper bounds, ascending, without +Inf. */
  buckets?: readonly number[];
  /** The exposed value is what was counted divided by this: sums stay integers (nano-dollars) and show in base units. Default 1. */
  divisor?: number;
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Throws a TypeError that names the fault when a definition could not be exposed (Prometheus data model). */
export function checkDefinition(definition: MetricDefinition): void {
  const { name, type, labels, buckets } = definition;
  if (!METRIC_NAME.test(name)) throw new TypeError(`metric name "${name}" is not valid`);
  if (type === "counter" && !name.endsWith("_total")) throw new TypeError(`counter "${name}" must end in _total`);
  if (new Set(labels).size !== labels.length) throw new TypeError(`metric "${name}" repeats a label`);
  for (const label of labels) {
    if (!LABEL_NAME.test(label) || (type === "histogram" && label === "le")) {
      throw new TypeError(`label "${label}" of metric "${name}" is not valid`);
    }
  }
  if ((type === "histogram") !== (buckets !== undefined)) {
    throw new TypeError(`metric "${name}": buckets belong to histograms, and only to them`);
  }
  if (buckets !== undefined) checkBuckets(name, buckets);
}

function checkBuckets(name: string, buckets: readonly number[]): void {
  const ascending = buckets.every((bound, index) => index === 0 || bound > (buckets[index - 1] ?? bound));
  if (buckets.length === 0 || !ascending || !buckets.every(Number.isFinite)) {
    throw new TypeError(`buckets of "${name}" must be finite and ascending`);
  }
}
