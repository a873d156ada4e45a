/** A vector of the same direction and length 1; null for one that is empty, too short to have a direction, or not of finite numbers. */
export function unitVector(vector: readonly number[]): Float32Array | null {
  let sum = 0;
  for (const value of vector) sum += typeof value === "number" ? value * value : Number.NaN;
  if (!Number.isFinite(sum) || sum <= 0) return null;
  const scale = 1 / Math.sqrt(sum);
  const unit = Float32Array.from(vector, (value) => value * scale);
  return unit.every(Number.isFinite) ? unit : null;
}

/** Likeness of two vectors of length 1 and the same number of dimensions: their cosine, from -1 to 1. */
export function likeness(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** Examples of a classifier by their labels. */
export type LabelledVectors = ReadonlyMap<string, readonly Float32Array[]>;

/** The label whose nearest examples are nearest: by the mean likeness of so many of them. */
export function nearestLabel(
  vector: Float32Array,
  labels: LabelledVectors,
  nearest: number,
): { label: string; score: number } | null {
  let best: { label: string; score: number } | null = null;
  for (const [label, examples] of labels) {
    const found = examples.map((example) => likeness(vector, example)).toSorted((one, other) => other - one);
    const counted = found.slice(0, nearest);
    if (counted.length === 0) continue;
    const score = counted.reduce((sum, each) => sum + each, 0) / counted.length;
    if (best === null || score > best.score) best = { label, score };
  }
  return best;
}
