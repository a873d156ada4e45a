import type { FAULT, Frame } from "../evaluate/frame.ts";
import { celTypes as t, isNumeric, type CelType } from "../types.ts";
import { CelUint, INT_MIN, toInt, type Int } from "../values/integer.ts";
import { typeNameOf } from "../values/kind.ts";
import { compareNumbers } from "../values/order.ts";
import type { CelValue } from "../values/value.ts";
import { global, type FunctionTable, type Overload, type Run } from "./overload.ts";

const A = t.parameter("A");
const NUMBERS: readonly CelType[] = [t.int, t.uint, t.double];
/** `math.greatest` and `math.least` take up to so many arguments; beyond, a list. */
const MAX_ARGUMENTS = 8;

type Pick = (frame: Frame, values: readonly CelValue[]) => CelValue | typeof FAULT;

/** Picks the value that is furthest to one side. */
function extreme(name: string, sign: 1 | -1): Pick {
  return (frame, values) => {
    frame.spend(values.length);
    let best: CelValue | undefined;
    for (const value of values) {
      const number = numberOf(value);
      if (number === undefined) return frame.fail(`${name}() does not take ${typeNameOf(value)}`);
      if (best === undefined || sign * compareNumbers(number, numberOf(best) ?? 0) > 0) best = value;
    }
    return best ?? frame.fail(`${name}() needs at least one value`);
  };
}

function numberOf(value: CelValue): number | bigint | undefined {
  if (value instanceof CelUint) return value.value;
  return typeof value === "number" || typeof value === "bigint" ? value : undefined;
}

const isOpenNumber = (type: CelType): boolean => isNumeric(type) || type.kind === "dyn" || type.kind === "parameter";
const isOpenList = ([type]: readonly CelType[]): boolean => type?.kind !== "list" || isOpenNumber(type.element);

/** For numbers of one type, whose type the result has, and for mixed ones, whose result can be of any. */
function extremes(name: string, sign: 1 | -1): readonly Overload[] {
  const pick = extreme(name, sign);
  const spread: Run = (frame: Frame, ...values: CelValue[]) => pick(frame, values);
  const accepts = (types: readonly CelType[]): boolean => types.every(isOpenNumber);
  const forms: Overload[] = [{ ...global([t.list(A)], A, pick), accepts: isOpenList }];
  for (let count = 1; count <= MAX_ARGUMENTS; count += 1) {
    const times = (type: CelType): CelType[] => Array.from({ length: count }, () => type);
    forms.push({ ...global(times(A), A, spread), accepts }, { ...global(times(t.dyn), t.dyn, spread), accepts });
  }
  return forms;
}

const ofDouble = (run: (value: number) => number | boolean, result: CelType = t.double): readonly Overload[] => [
  global([t.double], result, (_, value: number) => run(value)),
];

function round(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function abs(frame: Frame, value: Int): Int | typeof FAULT {
  if (typeof value === "number") return Math.abs(value);
  return value === INT_MIN ? frame.fail("the result is out of the range of int") : toInt(value < 0n ? -value : value);
}

const sign = (_: Frame, value: Int): number => compareNumbers(value, 0);

/** On the 64 bits of either integer type. */
function bitwise(run: (left: bigint, right: bigint) => bigint): readonly Overload[] {
  return [
    global([t.int, t.int], t.int, (_, left: Int, right: Int) => toInt(run(BigInt(left), BigInt(right)))),
    global([t.uint, t.uint], t.uint, (_, left: Int, right: Int) => toInt(run(BigInt(left), BigInt(right)))),
  ];
}

const asInt = (bits: bigint): bigint => BigInt.asIntN(64, bits);
const asUint = (bits: bigint): bigint => BigInt.asUintN(64, bits);

/** Shifts the 64 bits as they are; what leaves them is lost, and no sign is kept. */
function shift(run: (bits: bigint, by: bigint) => bigint): readonly Overload[] {
  const shifted = (wrap: (bits: bigint) => bigint): Run => {
    return (frame: Frame, value: Int, by: Int) => {
      if (by < 0) return frame.fail("a shift must not be negative", by);
      return toInt(wrap(by >= 64 ? 0n : run(asUint(BigInt(value)), BigInt(by))));
    };
  };
  return [global([t.int, t.int], t.int, shifted(asInt)), global([t.uint, t.int], t.uint, shifted(asUint))];
}

/** The math extension: https://github.com/google/cel-go/tree/master/ext#math */
export const MATH_EXTENSION: FunctionTable = {
  "math.greatest": extremes("math.greatest", 1),
  "math.least": extremes("math.least", -1),
  "math.ceil": ofDouble(Math.ceil),
  "math.floor": ofDouble(Math.floor),
  "math.round": ofDouble(round),
  "math.trunc": ofDouble(Math.trunc),
  "math.sqrt": NUMBERS.map((type) => global([type], t.double, (_, value: Int) => Math.sqrt(Number(value)))),
  "math.abs": [global([t.int], t.int, abs), global([t.uint], t.uint, abs), ...ofDouble(Math.abs)],
  "math.sign": [global([t.int], t.int, sign), global([t.uint], t.uint, sign), ...ofDouble(Math.sign)],
  "math.isNaN": ofDouble(Number.isNaN, t.bool),
  "math.isInf": ofDouble((value) => Math.abs(value) === Number.POSITIVE_INFINITY, t.bool),
  "math.isFinite": ofDouble(Number.isFinite, t.bool),
  "math.bitAnd": bitwise((left, right) => left & right),
  "math.bitOr": bitwise((left, right) => left | right),
  "math.bitXor": bitwise((left, right) => left ^ right),
  "math.bitNot": [
    global([t.int], t.int, (_, value: Int) => toInt(~BigInt(value))),
    global([t.uint], t.uint, (_, value: Int) => toInt(asUint(~BigInt(value)))),
  ],
  "math.bitShiftLeft": shift((bits, by) => bits << by),
  "math.bitShiftRight": shift((bits, by) => bits >> by),
};
