import type { FAULT, Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import type { CelDuration } from "../values/duration.ts";
import { offsetOf } from "../values/time-zone.ts";
import type { CelTimestamp } from "../values/timestamp.ts";
import { method, type FunctionTable, type Overload } from "./overload.ts";

const DAY = 86_400;

/** Reads a part of a moment whose local time, in seconds since 1970, is known. */
type Part = (local: number, time: CelTimestamp) => number;

const date = (local: number): Date => new Date(local * 1000);
/** The remainder that is never negative. */
const within = (local: number, length: number): number => ((local % length) + length) % length;

const PARTS: Readonly<Record<string, Part>> = {
  getFullYear: (local) => date(local).getUTCFullYear(),
  getMonth: (local) => date(local).getUTCMonth(),
  getDate: (local) => date(local).getUTCDate(),
  getDayOfMonth: (local) => date(local).getUTCDate() - 1,
  getDayOfWeek: (local) => within(Math.floor(local / DAY) + 4, 7),
  getDayOfYear: dayOfYear,
  getHours: (local) => Math.floor(within(local, DAY) / 3600),
  getMinutes: (local) => Math.floor(within(local, 3600) / 60),
  getSeconds: (local) => within(local, 60),
  getMilliseconds: (_, time) => Math.floor(time.nanos / 1_000_000),
};

/** Whole units of a duration, cut towards zero; milliseconds are those after the whole second. */
const DURATION_PARTS: Readonly<Record<string, (time: CelDuration) => number>> = {
  getHours: (time) => Math.trunc(exactSeconds(time) / 3600) + 0,
  getMinutes: (time) => Math.trunc(exactSeconds(time) / 60) + 0,
  getSeconds: (time) => Math.trunc(exactSeconds(time)) + 0,
  getMilliseconds: (time) => Math.trunc(subsecondNanos(time) / 1_000_000) + 0,
};

function dayOfYear(local: number): number {
  const start = date(local);
  start.setUTCMonth(0, 1);
  return Math.floor(local / DAY) - Math.floor(start.getTime() / 1000 / DAY);
}

/** Seconds as a double: no duration is so long that a whole second would be lost. */
function exactSeconds(time: CelDuration): number {
  return time.seconds < 0 && time.nanos > 0 ? time.seconds + 1 : time.seconds;
}

function subsecondNanos(time: CelDuration): number {
  return time.seconds < 0 && time.nanos > 0 ? time.nanos - 1_000_000_000 : time.nanos;
}

function inZone(part: Part): (frame: Frame, time: CelTimestamp, zone: string) => number | typeof FAULT {
  return (frame, time, zone) => {
    const offset = offsetOf(zone, time.seconds);
    return offset === undefined ? frame.fail("unknown time zone", zone) : part(time.seconds + offset, time);
  };
}

function forms(name: string, part: Part): Overload[] {
  const ofDuration = DURATION_PARTS[name];
  return [
    method([t.timestamp], t.int, (_, time: CelTimestamp) => part(time.seconds, time)),
    { ...method([t.timestamp, t.string], t.int, inZone(part)), prepare: checkZone },
    ...(ofDuration === undefined ? [] : [method([t.duration], t.int, (_, time: CelDuration) => ofDuration(time))]),
  ];
}

function checkZone([, zone]: readonly unknown[]): string | undefined {
  if (typeof zone !== "string" || offsetOf(zone, 0) !== undefined) return undefined;
  return `${JSON.stringify(zone)} is no time zone: write one as in Europe/Berlin, UTC or +05:30`;
}

/** The parts of timestamps, in UTC or in a zone, and of durations. */
export const TIME: FunctionTable = Object.fromEntries(
  Object.entries(PARTS).map(([name, part]) => [name, forms(name, part)]),
);
