/** Budget periods and rate-limit windows as numbers that grow with time. */

export type PeriodUnit = "s" | "m" | "h" | "d" | "w" | "M" | "Y" | "never";

export interface PeriodSpec {
  count: number;
  unit: PeriodUnit;
}

/** One period: its number, and its start and end in Unix milliseconds (`end` is Infinity when it never resets). */
export interface Period {
  number: number;
  start: number;
  end: number;
}

const MS: Partial<Record<PeriodUnit, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** 1970-01-05 was a Monday: weeks start there. */
const FIRST_MONDAY = 4 * 86_400_000;

/**
 * The period that holds `now`. Periods are aligned in UTC: days at midnight, weeks on Monday, months and years on the first;
 * multiples count from 1970.
 */
export function periodAt(spec: PeriodSpec, now: number): Period {
  if (spec.unit === "never") return { number: 0, start: 0, end: Infinity };
  if (spec.unit === "M" || spec.unit === "Y") return monthsAt(spec.unit === "Y" ? spec.count * 12 : spec.count, now);
  const length = spec.count * (MS[spec.unit] ?? 1);
  const offset = spec.unit === "w" ? FIRST_MONDAY : 0;
  // A clock that was never set shows the first days of 1970, which no week starts in.
  const number = Math.max(0, Math.floor((now - offset) / length));
  return { number, start: number * length + offset, end: (number + 1) * length + offset };
}

function monthsAt(months: number, now: number): Period {
  const date = new Date(now);
  const number = Math.floor(((date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()) / months);
  return { number, start: Date.UTC(1970, number * months), end: Date.UTC(1970, (number + 1) * months) };
}

/** Remembers the current period of a spec, since most calls fall into the same one. */
export class PeriodClock {
  private current: Period | undefined;
  private readonly spec: PeriodSpec;

  constructor(spec: PeriodSpec) {
    this.spec = spec;
  }

  at(now: number): Period {
    const known = this.current;
    if (known !== undefined && now >= known.start && now < known.end) return known;
    this.current = periodAt(this.spec, now);
    return this.current;
  }
}
