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
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * 60 * (parts[8] === "-" ? -1 : 1);
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
  return timestampOf(seconds, Number((parts[7] ?? "").padEnd(9, "0")));
}
