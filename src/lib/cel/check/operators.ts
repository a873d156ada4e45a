import { celTypes as t, type CelType } from "../types.ts";
import type { BinaryOp } from "../syntax/node.ts";

/** One form of an operator: left, right, result. */
export type OperatorForm = readonly [left: CelType, right: CelType, result: CelType];

const A = t.parameter("A");
const NUMBERS = [t.int, t.uint, t.double];
const same = (types: readonly CelType[]): OperatorForm[] => types.map((type) => [type, type, type]);

/** Numbers compare whatever their type; everything else with its own. */
const ORDER: readonly OperatorForm[] = [
  ...NUMBERS.flatMap((left) => NUMBERS.map((right): OperatorForm => [left, right, t.bool])),
  ...[t.bool, t.string, t.bytes, t.timestamp, t.duration].map((type): OperatorForm => [type, type, t.bool]),
];

/** The forms of the operators whose operands are matched one by one; equality and `in` are checked apart. */
export const OPERATORS: Readonly<Record<Exclude<BinaryOp, "==" | "!=" | "in">, readonly OperatorForm[]>> = {
  "<": ORDER,
  "<=": ORDER,
  ">": ORDER,
  ">=": ORDER,
  "+": [
    ...same([...NUMBERS, t.string, t.bytes, t.list(A), t.duration]),
    [t.timestamp, t.duration, t.timestamp],
    [t.duration, t.timestamp, t.timestamp],
  ],
  "-": [
    ...same([...NUMBERS, t.duration]),
    [t.timestamp, t.timestamp, t.duration],
    [t.timestamp, t.duration, t.timestamp],
  ],
  "*": same(NUMBERS),
  "/": same(NUMBERS),
  "%": same([t.int, t.uint]),
};
