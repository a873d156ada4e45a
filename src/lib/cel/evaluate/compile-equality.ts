import type { BinaryNode } from "../syntax/node.ts";
import { celTypes, isNumeric, type CelType } from "../types.ts";
import { equalValues } from "../values/equality.ts";
import { textSteps } from "../values/meter.ts";
import { constantOf } from "./compile-literal.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code } from "./frame.ts";
import { numberOperands } from "./number-operands.ts";

/** Values of these kinds are equal exactly when JavaScript says so, even to a value of unknown type. */
const IDENTICAL: ReadonlySet<CelType["kind"]> = new Set(["string", "bool"]);

/** Comparing longer texts is paid for. */
const SHORT_TEXT = 256;

/** `==`; the operands are never of types that cannot be equal. */
export function compileEquality(compiler: Compiler, node: BinaryNode): Code {
  const left = compiler.typeOf(node.left);
  const right = compiler.typeOf(node.right);
  if (IDENTICAL.has(left.kind) || IDENTICAL.has(right.kind)) return identical(compiler, node);
  if (isNumeric(left) && isNumeric(right)) return sameNumber(...numberOperands(compiler, node));
  const one = compiler.compileAs(node.left, celTypes.dyn);
  const other = compiler.compileAs(node.right, celTypes.dyn);
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : equalValues(first, second, frame);
  };
}

function identical(compiler: Compiler, node: BinaryNode): Code {
  const one = compiler.compile(node.left);
  const constant = node.right.kind === "literal" ? constantOf(node.right) : undefined;
  if (constant !== undefined) {
    return (frame) => {
      const value = one(frame);
      return value === FAULT ? FAULT : value === constant;
    };
  }
  const other = compiler.compile(node.right);
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    if (second === FAULT) return FAULT;
    if (typeof first === "string" && first.length > SHORT_TEXT) frame.spend(textSteps(first.length));
    return first === second;
  };
}

function sameNumber(one: Code, other: Code): Code {
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : first === second;
  };
}
