import { checkDefinition } from "./definition.ts";
import type { MetricDefinition } from "./definition.ts";
import { headText, labelText, numberText, sampleText } from "./exposition.ts";
import { createSeries } from "./series.ts";
import type { Series, SeriesLimits } from "./series.ts";

export interface Counter {
  /** Adds to a series. Throws a RangeError for a negative or non-finite amount. */
  add(labels: readonly string[], amount?: number): void;
}

export interface Gauge {
  set(labels: readonly string[], value: number): void;
}

export interface Histogram {
  /** Counts one value, in the unit of the buckets. Throws a RangeError when it is not a number. */
  observe(labels: readonly string[], value: number): void;
}

/** A series and its value, of a metric that is read when the registry is rendered. */
export type Sample = readonly [labels: readonly string[], value: number];

export interface Registry {
  counter(definition: MetricDefinition): Counter;
  gauge(definition: MetricDefinition): Gauge;
  histogram(definition: MetricDefinition): Histogram;
  /** A counter or gauge that something else keeps; `read` gives its samples at each rendering. */
  computed(definition: MetricDefinition, read: () => Iterable<Sample>): void;
  /** All metrics in the order of registration, as exposition format 0.0.4. */
  render(): string;
}

const DEFAULT_LIMITS: SeriesLimits = { maxLabelValues: 200, maxSeries: 2000 };

/**
 * Holds metrics and renders them. A label takes at most `maxLabelValues` (200) values and a metric at most `maxSeries`
 * (2,000) series; what comes later is counted under the label value `other`, never lost. A name registered twice, or a
 * definition that cannot be exposed, throws a TypeError.
 */
export function createRegistry(limits: Partial<SeriesLimits> = {}): Registry {
  const renderers = new Map<string, () => string>();
  const bounds = { ...DEFAULT_LIMITS, ...limits };

  function register(definition: MetricDefinition, type: MetricDefinition["type"], body: () => string): void {
    checkDefinition(definition);
    if (definition.type !== type) throw new TypeError(`metric "${definition.name}" is no ${type}`);
    if (renderers.has(definition.name)) throw new TypeError(`metric "${definition.name}" is registered twice`);
    renderers.set(definition.name, () => headText(definition.name, type, definition.help) + body());
  }

  function plain(definition: MetricDefinition, type: "counter" | "gauge"): Series {
    const series = createSeries(definition.labels, 1, bounds);
    register(definition, type, () => plainText(definition, series));
    // A metric without labels has one series from the start, so that rate() sees its first increase.
    if (definition.labels.length === 0) series.slotOf([]);
    return series;
  }

  return {
    counter: (definition) => counterOver(plain(definition, "counter"), definition.name),
    gauge: (definition) => gaugeOver(plain(definition, "gauge")),
    histogram(definition) {
      const buckets = definition.buckets ?? [];
      const series = createSeries(definition.labels, buckets.length + 2, bounds);
      register(definition, "histogram", () => histogramText(definition, buckets, series));
      return histogramOver(series, buckets, definition.name);
    },
    computed(definition, read) {
      const type = definition.type === "gauge" ? "gauge" : "counter";
      register(definition, type, () => computedText(definition, read()));
    },
    render() {
      let text = "";
      for (const render of renderers.values()) text += render();
      return text;
    },
  };
}

function counterOver(series: Series, name: string): Counter {
  return {
    add(labels, amount = 1) {
      if (!(amount >= 0 && amount < Infinity)) throw new RangeError(`counter "${name}" cannot grow by ${amount}`);
      const slot = series.slotOf(labels);
      series.values[slot] = (series.values[slot] ?? 0) + amount;
    },
  };
}

function gaugeOver(series: Series): Gauge {
  return {
    set(labels, value) {
      const slot = series.slotOf(labels);
      series.values[slot] = value;
    },
  };
}

/** A slot holds the count of each bucket by itself, then of +Inf, then the sum. */
function histogramOver(series: Series, buckets: readonly number[], name: string): Histogram {
  return {
    observe(labels, value) {
      if (Number.isNaN(value)) throw new RangeError(`histogram "${name}" cannot observe NaN`);
      const base = series.slotOf(labels) * series.width;
      let bucket = 0;
      while (bucket < buckets.length && value > (buckets[bucket] ?? Infinity)) bucket += 1;
      series.values[base + bucket] = (series.values[base + bucket] ?? 0) + 1;
      const sum = base + buckets.length + 1;
      series.values[sum] = (series.values[sum] ?? 0) + value;
    },
  };
}

function plainText({ name, divisor = 1 }: MetricDefinition, series: Series): string {
  return series.texts.map((labels, slot) => sampleText(name, labels, (series.values[slot] ?? 0) / divisor)).join("");
}

function computedText({ name, labels, divisor = 1 }: MetricDefinition, samples: Iterable<Sample>): string {
  let text = "";
  for (const [values, value] of samples) text += sampleText(name, labelText(labels, values), value / divisor);
  return text;
}

function histogramText({ name, divisor = 1 }: MetricDefinition, buckets: readonly number[], series: Series): string {
  const bounds = [...buckets.map((bound) => numberText(bound / divisor)), "+Inf"];
  let text = "";
  for (const [slot, labels] of series.texts.entries()) {
    const prefix = labels === "" ? "" : `${labels},`;
    let count = 0;
    for (const [bucket, bound] of bounds.entries()) {
      count += series.values[slot * series.width + bucket] ?? 0;
      text += sampleText(`${name}_bucket`, `${prefix}le="${bound}"`, count);
    }
    const sum = series.values[slot * series.width + bounds.length] ?? 0;
    text += sampleText(`${name}_sum`, labels, sum / divisor) + sampleText(`${name}_count`, labels, count);
  }
  return text;
}
