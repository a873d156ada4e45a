import { CelDuration, durationOf } from "../values/duration.ts";
import { fitsInt, fitsUint, safeResult, toInt, type Int } from "../values/integer.ts";
import { textSteps } from "../values/meter.ts";
import { CelTimestamp, timestampOf } from "../values/timestamp.ts";
import { joinBytes } from "../syntax/text-literal.ts";
import { FAULT, type Frame } from "./frame.ts";
import type { ValueKind } from "../values/type-value.ts";

export type ArithmeticOp = "+" | "-" | "*" | "/" | "%";

/** One form of an operator, with operands and result in the form of their kinds. */
export interface Arithmetic {
  readonly result: ValueKind;
  readonly run: (frame: Frame, left: never, right: never) => unknown;
}

const OVERFLOW = "the result is out of the range of";

function int(
  exact: (left: bigint, right: bigint) => bigint,
  fast: (left: number, right: number) => number,
): Arithmetic {
  return { result: "int", run: integerRun("int", fitsInt, exact, fast) };
}

function uint(
  exact: (left: bigint, right: bigint) => bigint,
  fast: (left: number, right: number) => number,
): Arithmetic {
  return { result: "uint", run: integerRun("uint", fitsUint, exact, fast) };
}

function integerRun(
  kind: "int" | "uint",
  fits: (value: bigint) => boolean,
  exact: (left: bigint, right: bigint) => bigint,
  fast: (left: number, right: number) => number,
): (frame: Frame, left: Int, right: Int) => unknown {
  return (frame, left, right) => {
    if (typeof left === "number" && typeof right === "number") {
      const result = safeResult(fast(left, right));
      if (result !== undefined && (kind === "int" || result >= 0)) return result;
    }
    const result = exact(BigInt(left), BigInt(right));
    return fits(result) ? toInt(result) : frame.fail(`${OVERFLOW} ${kind}`);
  };
}

function divided(form: Arithmetic, problem: string): Arithmetic {
  const run = form.run as (frame: Frame, left: Int, right: Int) => unknown;
  return {
    result: form.result,
    run: (frame: Frame, left: Int, right: Int) => (right === 0 ? frame.fail(problem) : run(frame, left, right)),
  };
}

function double(run: (left: number, right: number) => number): Arithmetic {
  return { result: "double", run: (_: Frame, left: number, right: number) => run(left, right) };
}

// Adding 0 turns -0, which no integer is, into 0.
const times = (left: number, right: number): number => left * right + 0;
const quotient = (left: number, right: number): number => (left - (left % right)) / right + 0;
const remainder = (left: number, right: number): number => (left % right) + 0;

const INTEGERS: Readonly<Record<ArithmeticOp, (of: typeof int) => Arithmetic>> = {
  "+": (of) =>
    of(
      (left, right) => left + right,
      (left, right) => left + right,
    ),
  "-": (of) =>
    of(
      (left, right) => left - right,
      (left, right) => left - right,
    ),
  "*": (of) => of((left, right) => left * right, times),
  "/": (of) =>
    divided(
      of((left, right) => left / right, quotient),
      "division by zero",
    ),
  "%": (of) =>
    divided(
      of((left, right) => left % right, remainder),
      "modulus by zero",
    ),
};

const integers = (op: ArithmeticOp): Record<string, Arithmetic> => ({
  "int int": INTEGERS[op](int),
  "uint uint": INTEGERS[op](uint),
});

/** The forms of the operators by the kinds of both operands. */
export const ARITHMETIC: Readonly<Record<ArithmeticOp, Readonly<Record<string, Arithmetic>>>> = {
  "+": {
    ...integers("+"),
    "double double": double((left, right) => left + right),
    "string string": { result: "string", run: joinStrings },
    "bytes bytes": { result: "bytes", run: joinTwoBytes },
    "list list": { result: "list", run: joinLists },
    "duration duration": {
      result: "duration",
      run: (frame: Frame, left: CelDuration, right: CelDuration) => addDurations(frame, left, right, 1),
    },
    "timestamp duration": {
      result: "timestamp",
      run: (frame: Frame, left: CelTimestamp, right: CelDuration) => moved(frame, left, right, 1),
    },
    "duration timestamp": {
      result: "timestamp",
      run: (frame: Frame, left: CelDuration, right: CelTimestamp) => moved(frame, right, left, 1),
    },
  },
  "-": {
    ...integers("-"),
    "double double": double((left, right) => left - right),
    "duration duration": {
      result: "duration",
      run: (frame: Frame, left: CelDuration, right: CelDuration) => addDurations(frame, left, right, -1),
    },
    "timestamp duration": {
      result: "timestamp",
      run: (frame: Frame, left: CelTimestamp, right: CelDuration) => moved(frame, left, right, -1),
    },
    "timestamp timestamp": {
      result: "duration",
      run: (frame: Frame, left: CelTimestamp, right: CelTimestamp) => addDurations(frame, left, right, -1),
    },
  },
  "*": { ...integers("*"), "double double": double((left, right) => left * right) },
  "/": { ...integers("/"), "double double": double((left, right) => left / right) },
  "%": integers("%"),
};

/** The smallest int has no positive. */
export function negate(frame: Frame, value: Int): Int | typeof FAULT {
  if (typeof value === "number") return 0 - value;
  return fitsInt(-value) ? toInt(-value) : frame.fail(`${OVERFLOW} int`);
}

function joinStrings(frame: Frame, left: string, right: string): string {
  frame.spend(textSteps(left.length + right.length));
  return left + right;
}

function joinTwoBytes(frame: Frame, left: Uint8Array, right: Uint8Array): Uint8Array {
  frame.spend(textSteps(left.length + right.length));
  return joinBytes([left, right]);
}

function joinLists(frame: Frame, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  frame.spend(left.length + right.length + 1);
  return left.concat(right);
}

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

function addDurations(frame: Frame, left: Time, right: Time, sign: 1 | -1): unknown {
  return (
    durationOf(left.seconds + sign * right.seconds, left.nanos + sign * right.nanos) ??
    frame.fail(`${OVERFLOW} duration`)
  );
}

function moved(frame: Frame, time: Time, by: Time, sign: 1 | -1): unknown {
  return (
    timestampOf(time.seconds + sign * by.seconds, time.nanos + sign * by.nanos) ?? frame.fail(`${OVERFLOW} timestamp`)
  );
}
