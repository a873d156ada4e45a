/** A share and the 95 % interval that it lies in. */
export interface Rate {
  value: number;
  low: number;
  high: number;
}

/** Standard deviations of a normal distribution within which 95 % of it lie. */
const Z = 1.959964;

/** A share of `total` with Wilson's interval, which holds for few and for extreme counts too; null: of nothing. */
export function rateOf(count: number, total: number): Rate | null {
  if (total === 0) return null;
  const value = count / total;
  const square = Z ** 2 / total;
  const middle = (value + square / 2) / (1 + square);
  const half = (Z * Math.sqrt((value * (1 - value)) / total + square / (4 * total))) / (1 + square);
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** How much higher a share is than another, with Newcombe's interval of independent shares (1998, method 10). */
export function differenceOf(rate: Rate | null, base: Rate | null): Rate | null {
  if (rate === null || base === null) return null;
  const value = rate.value - base.value;
  const below = Math.hypot(rate.value - rate.low, base.high - base.value);
  const above = Math.hypot(rate.high - rate.value, base.value - base.low);
  return { value, low: Math.max(-1, value - below), high: Math.min(1, value + above) };
}

/** The value that a share of all, in rising order, does not exceed (nearest rank); null: there is none. */
export function percentile(rising: Float64Array, share: number): number | null {
  return rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? null;
}
