import type { BinaryNode } from "../syntax/node.ts";
import { celTypes, isNumeric } from "../types.ts";
import type { Int } from "../values/integer.ts";
import { compareValues } from "../values/order.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code } from "./frame.ts";
import { numberOperands } from "./number-operands.ts";
import { refuseOperands } from "./refuse-operands.ts";

type OrderOp = "<" | "<=" | ">" | ">=";

type NumberOrder = (one: Code, other: Code) => Code;

/** One closure for each operator: a comparison is too short to choose within it. */
const NUMBER_ORDER: Readonly<Record<OrderOp, NumberOrder>> = {
  "<": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) < (second as Int);
  },
  "<=": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) <= (second as Int);
  },
  ">": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) > (second as Int);
  },
  ">=": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) >= (second as Int);
  },
};

/** What the operators make of a comparison's outcome. NaN, for no order, makes all of them false. */
const HOLDS: Readonly<Record<OrderOp, (outcome: number) => boolean>> = {
  "<": (outcome) => outcome < 0,
  "<=": (outcome) => outcome <= 0,
  ">": (outcome) => outcome > 0,
  ">=": (outcome) => outcome >= 0,
};

/** The comparisons of order. */
export function compileOrder(compiler: Compiler, node: BinaryNode): Code {
  const op = node.op as OrderOp;
  if (isNumeric(compiler.typeOf(node.left)) && isNumeric(compiler.typeOf(node.right))) {
    return NUMBER_ORDER[op](...numberOperands(compiler, node));
  }
  const one = compiler.compileAs(node.left, celTypes.dyn);
  const other = compiler.compileAs(node.right, celTypes.dyn);
  const holds = HOLDS[op];
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    if (second === FAULT) return FAULT;
    const outcome = compareValues(first, second, frame);
    return outcome === undefined ? refuseOperands(frame, node, first, second) : holds(outcome);
  };
}
