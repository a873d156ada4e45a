const NANOS = 1_000_000_000;
/** 2^63 nanoseconds in whole seconds: what the reference implementation can hold, about 292 years. */
const MAX_SECONDS = 9_223_372_036;

/** A span of time, at most about 292 years either way. `nanos` is 0 to 999,999,999 and counts forward from `seconds`. */
export class CelDuration {
  readonly seconds: number;
  readonly nanos: number;

  constructor(seconds: number, nanos: number) {
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** As CEL writes it: `90s`, `0.5s`, `-1.000000001s`. */
  toString(): string {
    const negative = this.seconds < 0;
    const [seconds, nanos] =
      negative && this.nanos > 0 ? [-this.seconds - 1, NANOS - this.nanos] : [Math.abs(this.seconds), this.nanos];
    const fraction = nanos === 0 ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
    return `${negative ? "-" : ""}${seconds}${fraction}s`;
  }
}

/** The duration of so many seconds and nanoseconds, which may have any sign and size; undefined when out of range. */
export function durationOf(seconds: number, nanos: number): CelDuration | undefined {
  const whole = seconds + Math.floor(nanos / NANOS);
  if (!(whole >= -MAX_SECONDS - 1 && whole <= MAX_SECONDS)) return undefined;
  return new CelDuration(whole, nanos - Math.floor(nanos / NANOS) * NANOS);
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads `1h30m`, `-1.5s`, `10ms`, `0`; undefined for anything else, and out of range. */
export function parseDuration(text: string): CelDuration | undefined {
  if (text.length > 64) return undefined;
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return new CelDuration(0, 0);
  let nanos = 0n;
  let at = 0;
  while (at < unsigned.length) {
    PART.lastIndex = at;
    const part = PART.exec(unsigned);
    if (part === null) return undefined;
    nanos += partNanos(part[1] ?? "", UNITS[part[2] ?? ""] ?? 0n);
    at = PART.lastIndex;
  }
  if (at === 0) return undefined;
  return durationOfNanos(text.startsWith("-") ? -nanos : nanos);
}

function partNanos(digits: string, unit: bigint): bigint {
  const [whole = "", fraction = ""] = digits.split(".");
  const scaled = BigInt(`${whole}${fraction}` === "" ? 0 : `${whole}${fraction}`) * unit;
  return scaled / 10n ** BigInt(fraction.length);
}

function durationOfNanos(nanos: bigint): CelDuration | undefined {
  const seconds = nanos / 1_000_000_000n;
  return durationOf(Number(seconds), Number(nanos - seconds * 1_000_000_000n));
}
