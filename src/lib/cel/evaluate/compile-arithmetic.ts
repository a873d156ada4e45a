import type { BinaryNode } from "../syntax/node.ts";
import { celTypes } from "../types.ts";
import { admitValue, toValue } from "../values/admit.ts";
import { kindOf } from "../values/kind.ts";
import { ARITHMETIC, type Arithmetic, type ArithmeticOp } from "./arithmetic.ts";
import { coerce } from "./coerce.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";
import { refuseOperands } from "./refuse-operands.ts";

/** `+ - * / %`. */
export function compileArithmetic(compiler: Compiler, node: BinaryNode): Code {
  const forms = ARITHMETIC[node.op as ArithmeticOp];
  const left = compiler.typeOf(node.left);
  const right = compiler.typeOf(node.right);
  const form = forms[`${left.kind} ${right.kind}`];
  if (form !== undefined) return applied(form, compiler.compile(node.left), compiler.compile(node.right), node);
  const code = dispatched(
    forms,
    compiler.compileAs(node.left, celTypes.dyn),
    compiler.compileAs(node.right, celTypes.dyn),
    node,
  );
  return coerce(code, celTypes.dyn, compiler.typeOf(node), node);
}

function applied(form: Arithmetic, one: Code, other: Code, node: BinaryNode): Code {
  const run = form.run as (frame: Frame, left: unknown, right: unknown) => unknown;
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : frame.located(run(frame, first, second), node);
  };
}

/** For operands of unknown type: takes and returns values. */
function dispatched(forms: Readonly<Record<string, Arithmetic>>, one: Code, other: Code, node: BinaryNode): Code {
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    if (second === FAULT) return FAULT;
    const form = forms[`${kindOf(first)} ${kindOf(second)}`];
    if (form === undefined) return refuseOperands(frame, node, first, second);
    const run = form.run as (frame: Frame, left: unknown, right: unknown) => unknown;
    const result = run(frame, operand(first, frame), operand(second, frame));
    if (result === FAULT) return frame.failedAt(node);
    const box = form.result === "int" || form.result === "uint" ? toValue({ kind: form.result }) : undefined;
    return box === undefined ? result : box(result);
  };
}

const asInt = admitValue(celTypes.int);
const asUint = admitValue(celTypes.uint);

function operand(value: unknown, frame: Frame): unknown {
  return typeof value === "bigint" ? asInt(value, frame) : (asUint(value, frame) ?? value);
}
