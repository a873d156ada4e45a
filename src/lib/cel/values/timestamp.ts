const NANOS = 1_000_000_000;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;

/** A moment from the year 1 to the year 9999, UTC. `seconds` is Unix time; `nanos`, 0 to 999,999,999, counts forward. */
export class CelTimestamp {
  readonly seconds: number;
  readonly nanos: number;

  constructor(seconds: number, nanos: number) {
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** RFC 3339 in UTC, with no more decimals than it takes. */
  toString(): string {
    const text = new Date(this.seconds * 1000).toISOString().slice(0, 19);
    const fraction = this.nanos === 0 ? "" : `.${String(this.nanos).padStart(9, "0").replace(/0+$/, "")}`;
    return `${text}${fraction}Z`;
  }
}

/** The moment of so many seconds and nanoseconds, which may have any sign and size; undefined when out of range. */
export function timestampOf(seconds: number, nanos: number): CelTimestamp | undefined {
  const whole = seconds + Math.floor(nanos / NANOS);
  if (!(whole >= MIN_SECONDS && whole <= MAX_SECONDS)) return undefined;
  return new CelTimestamp(whole, nanos - Math.floor(nanos / NANOS) * NANOS);
}

/** The moment of a `Date`; undefined for an invalid one. */
export function timestampOfDate(date: Date): CelTimestamp | undefined {
  const time = date.getTime();
  const seconds = Math.floor(time / 1000);
  return timestampOf(seconds, (time - seconds * 1000) * 1_000_000);
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Reads RFC 3339; undefined for anything else, for days that no month has, and out of range. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const parts = text.length > 64 ? null : RFC_3339.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const midnight = midnightOf(year, month, day);
  if (midnight === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = midnight + hour * 3600 + minute * 60 + second - offsetOf(parts);
  return timestampOf(seconds, Number((parts[7] ?? "").padEnd(9, "0")));
}

/** Seconds ahead of UTC. */
function offsetOf(parts: RegExpExecArray): number {
  const minutes = Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0);
  return minutes * 60 * (parts[8] === "-" ? -1 : 1);
}

/** Unix seconds; undefined for a day that its month does not have. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 1000 : undefined;
}
