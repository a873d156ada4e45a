import { FAULT, type Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { CelDuration, parseDuration } from "../values/duration.ts";
import { fitsInt, fitsUint, toInt, type Int } from "../values/integer.ts";
import { textSteps } from "../values/meter.ts";
import { CelTimestamp, parseTimestamp, timestampOf } from "../values/timestamp.ts";
import type { CelValue } from "../values/value.ts";
import { global, type FunctionTable, type Overload, type Run } from "./overload.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type IntegerKind = "int" | "uint";

const FITS: Readonly<Record<IntegerKind, (value: bigint) => boolean>> = { int: fitsInt, uint: fitsUint };
/** The doubles that fit are below this, and for int above its negative: 2^63 itself may have been anything near it. */
const DOUBLE_END: Readonly<Record<IntegerKind, number>> = { int: 2 ** 63, uint: 2 ** 64 };
const DIGITS: Readonly<Record<IntegerKind, RegExp>> = { int: /^[+-]?[0-9]{1,40}$/, uint: /^\+?[0-9]{1,40}$/ };

function integerFromDouble(kind: IntegerKind): Run {
  const end = DOUBLE_END[kind];
  return (frame: Frame, value: number) => {
    const inRange = value < end && (kind === "uint" ? value > -1 : value > -end);
    return inRange ? toInt(BigInt(Math.trunc(value))) : frame.fail(`out of the range of ${kind}`, value);
  };
}

function integerFromText(kind: IntegerKind): Run {
  return (frame: Frame, text: string) => {
    const value = DIGITS[kind].test(text) ? BigInt(text.replace(/^\+/, "")) : undefined;
    return value !== undefined && FITS[kind](value) ? toInt(value) : frame.fail(`this text is no ${kind}`, text);
  };
}

function integerFromInteger(kind: IntegerKind): Run {
  return (frame: Frame, value: Int) =>
    FITS[kind](BigInt(value)) ? value : frame.fail(`out of the range of ${kind}`, value);
}

const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const SPECIAL = /^([+-]?)(?:inf|infinity)$/i;

function doubleFromText(frame: Frame, text: string): number | typeof FAULT {
  frame.spend(textSteps(text.length));
  if (NUMBER.test(text)) return Number(text);
  const infinite = SPECIAL.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text.toLowerCase() === "nan" ? Number.NaN : frame.fail("this text is no double", text);
}

const BOOLS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["1", "t", "true", "TRUE", "True"].map((text) => [text, true])),
  ...Object.fromEntries(["0", "f", "false", "FALSE", "False"].map((text) => [text, false])),
};

function boolFromText(frame: Frame, text: string): boolean | typeof FAULT {
  return (Object.hasOwn(BOOLS, text) ? BOOLS[text] : undefined) ?? frame.fail("this text is no bool", text);
}

function bytesFromText(frame: Frame, text: string): Uint8Array {
  frame.spend(textSteps(text.length));
  return encoder.encode(text);
}

function textFromBytes(frame: Frame, bytes: Uint8Array): string | typeof FAULT {
  frame.spend(textSteps(bytes.length));
  try {
    return decoder.decode(bytes);
  } catch {
    return frame.fail("these bytes are no UTF-8");
  }
}

function timestampFromText(frame: Frame, text: string): CelTimestamp | typeof FAULT {
  return parseTimestamp(text) ?? frame.fail("this text is no timestamp of RFC 3339", text);
}

function durationFromText(frame: Frame, text: string): CelDuration | typeof FAULT {
  return parseDuration(text) ?? frame.fail("this text is no duration", text);
}

/** A constant text is read once, and refused when it cannot be. */
function prepared(overload: Overload, parse: (text: string) => CelValue | undefined, problem: string): Overload {
  const prepare = ([text]: readonly unknown[]): Run | string | undefined => {
    if (typeof text !== "string") return undefined;
    const value = parse(text);
    return value === undefined ? `${JSON.stringify(text)} ${problem}` : () => value;
  };
  return { ...overload, prepare };
}

const TIMESTAMP_PROBLEM = "is no timestamp: write one as in 2026-01-31T12:00:00Z, in the years 1 to 9999";
const DURATION_PROBLEM = "is no duration: write one as in 1h30m, 90s or 250ms, of at most 292 years";
const same: Run = (_, value: CelValue) => value;
const text: Run = (_, value: boolean | Int | CelTimestamp | CelDuration) => value.toString();

/** The functions that make a value of one type from another. */
export const CONVERSIONS: FunctionTable = {
  bool: [global([t.bool], t.bool, same), global([t.string], t.bool, boolFromText)],
  bytes: [global([t.bytes], t.bytes, same), global([t.string], t.bytes, bytesFromText)],
  double: [
    global([t.double], t.double, same),
    global([t.int], t.double, (_, value: Int) => Number(value)),
    global([t.uint], t.double, (_, value: Int) => Number(value)),
    global([t.string], t.double, doubleFromText),
  ],
  int: [
    global([t.int], t.int, same),
    global([t.uint], t.int, integerFromInteger("int")),
    global([t.double], t.int, integerFromDouble("int")),
    global([t.string], t.int, integerFromText("int")),
    global([t.timestamp], t.int, (_, time: CelTimestamp) => time.seconds),
    global([t.duration], t.int, (_, time: CelDuration) =>
      time.seconds < 0 && time.nanos > 0 ? time.seconds + 1 : time.seconds,
    ),
  ],
  uint: [
    global([t.uint], t.uint, same),
    global([t.int], t.uint, integerFromInteger("uint")),
    global([t.double], t.uint, integerFromDouble("uint")),
    global([t.string], t.uint, integerFromText("uint")),
  ],
  string: [
    global([t.string], t.string, same),
    ...[t.bool, t.int, t.uint, t.double, t.timestamp, t.duration].map((type) => global([type], t.string, text)),
    global([t.bytes], t.string, textFromBytes),
  ],
  timestamp: [
    global([t.timestamp], t.timestamp, same),
    prepared(global([t.string], t.timestamp, timestampFromText), parseTimestamp, TIMESTAMP_PROBLEM),
    global([t.int], t.timestamp, (frame: Frame, seconds: Int) => {
      return timestampOf(Number(seconds), 0) ?? frame.fail("out of the range of timestamp", seconds);
    }),
  ],
  duration: [
    global([t.duration], t.duration, same),
    prepared(global([t.string], t.duration, durationFromText), parseDuration, DURATION_PROBLEM),
    global([t.int], t.duration, (frame: Frame, seconds: Int) => {
      return parseDuration(`${seconds}s`) ?? frame.fail("out of the range of duration", seconds);
    }),
  ],
};
