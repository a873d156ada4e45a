/** Offsets change on the quarter of an hour from here on (2000-01-01); before, some did at odd seconds. */
const REGULAR_FROM = 946_684_800;
const QUARTER = 900;
/** Beyond this many zones the table starts anew: names come from requests too. */
const MAX_ZONES = 100;
const FIXED = /^([+-]?)(\d\d):(\d\d)$/;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** The quarter of an hour last asked for, and its offset. */
  quarter: number;
  offset: number;
}

const zones = new Map<string, Zone>();

/**
 * Seconds that a zone is ahead of UTC at a moment (Unix seconds); undefined for a zone that does not exist. Zones are
 * IANA names (`Europe/Berlin`), `UTC`, or fixed offsets (`+05:30`, `-02:00`, `02:00`).
 */
export function offsetOf(name: string, seconds: number): number | undefined {
  if (name === "UTC") return 0;
  const fixed = name.length <= 6 ? FIXED.exec(name) : null;
  if (fixed !== null) return fixedOffset(fixed);
  const zone = zones.get(name) ?? openZone(name);
  if (zone === undefined) return undefined;
  const quarter = Math.floor(seconds / QUARTER);
  if (zone.quarter === quarter && seconds >= REGULAR_FROM) return zone.offset;
  zone.offset = computeOffset(zone.format, seconds);
  zone.quarter = quarter;
  return zone.offset;
}

function fixedOffset(parts: RegExpExecArray): number | undefined {
  const hours = Number(parts[2]);
  const minutes = Number(parts[3]);
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * 60 * (parts[1] === "-" ? -1 : 1);
}

function openZone(name: string): Zone | undefined {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const zone = { format, quarter: Number.NaN, offset: 0 };
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(name, zone);
    return zone;
  } catch {
    return undefined;
  }
}

function computeOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const parts: Record<string, number> = {};
  let sign = 1;
  for (const { type, value } of format.formatToParts(seconds * 1000)) {
    if (type === "era" && value.startsWith("B")) sign = -1;
    else parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = new Date(0);
  local.setUTCFullYear(sign < 0 ? 1 - year : year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  return local.getTime() / 1000 - seconds;
}
