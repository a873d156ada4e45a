import { labelText } from "./exposition.ts";

/** The value that stands for all label values past the cap. */
export const OTHER = "other";

export interface SeriesLimits {
  /** Distinct values of one label; later ones count as `other`. */
  maxLabelValues: number;
  /** Series of one metric; past it, all labels of a new series are `other`. */
  maxSeries: number;
}

/** The series of one metric: a slot number for each combination of label values, and `width` numbers a slot. */
export interface Series {
  readonly width: number;
  /** Rendered labels by slot, `a="1",b="2"`. */
  readonly texts: string[];
  values: Float64Array;
  slotOf(labels: readonly string[]): number;
}

/** Series that never grow past the limits, however many label values callers invent. */
export function createSeries(names: readonly string[], width: number, limits: SeriesLimits): Series {
  const slots = new Map<string, number>();
  const known = names.map(() => new Set<string>());
  const series: Series = { width, texts: [], values: new Float64Array(width * 8), slotOf };

  function slotOf(labels: readonly string[]): number {
    return slots.get(JSON.stringify(labels)) ?? admit(labels);
  }

  function admit(labels: readonly string[]): number {
    if (labels.length !== names.length) {
      throw new TypeError(`expected ${names.length} label values, got ${labels.length}`);
    }
    const capped = names.map((_, index) => capValue(known[index], labels[index] ?? "", limits.maxLabelValues));
    const found = slots.get(JSON.stringify(capped));
    if (found !== undefined) return found;
    if (series.texts.length < limits.maxSeries) return create(capped);
    const rest = names.map(() => OTHER);
    return slots.get(JSON.stringify(rest)) ?? create(rest);
  }

  function create(labels: readonly string[]): number {
    const slot = series.texts.length;
    series.texts.push(labelText(names, labels));
    slots.set(JSON.stringify(labels), slot);
    if ((slot + 1) * width > series.values.length) {
      const grown = new Float64Array(series.values.length * 2);
      grown.set(series.values);
      series.values = grown;
    }
    return slot;
  }

  return series;
}

function capValue(known: Set<string> | undefined, value: string, max: number): string {
  if (known === undefined || known.has(value)) return value;
  if (known.size >= max) return OTHER;
  known.add(value);
  return value;
}
