import type { BinaryNode, BinaryOp, UnaryNode } from "../syntax/node.ts";
import { celTypes } from "../types.ts";
import type { Int } from "../values/integer.ts";
import { typeNameOf } from "../values/kind.ts";
import { negate } from "./arithmetic.ts";
import { compileArithmetic } from "./compile-arithmetic.ts";
import { compileEquality } from "./compile-equality.ts";
import { compileIn } from "./compile-in.ts";
import { compileOrder } from "./compile-order.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code } from "./frame.ts";

export function compileUnary(compiler: Compiler, node: UnaryNode): Code {
  if (node.op === "!") return not(compiler.compileAs(node.operand, celTypes.bool));
  const { kind } = compiler.typeOf(node.operand);
  const code = compiler.compile(node.operand);
  return (frame) => {
    const value = code(frame);
    if (value === FAULT) return FAULT;
    if (kind === "int") return frame.located(negate(frame, value as Int), node);
    if (typeof value === "number") return -value;
    if (typeof value !== "bigint") return frame.fail(`there is no -${typeNameOf(value)}`, undefined, node);
    const negated = negate(frame, value);
    return negated === FAULT ? frame.failedAt(node) : BigInt(negated);
  };
}

function not(code: Code): Code {
  return (frame) => {
    const value = code(frame);
    return value === FAULT ? FAULT : value === false;
  };
}

const BY_OP: Readonly<Record<BinaryOp, (compiler: Compiler, node: BinaryNode) => Code>> = {
  "==": compileEquality,
  "!=": (compiler, node) => not(compileEquality(compiler, node)),
  in: compileIn,
  "<": compileOrder,
  "<=": compileOrder,
  ">": compileOrder,
  ">=": compileOrder,
  "+": compileArithmetic,
  "-": compileArithmetic,
  "*": compileArithmetic,
  "/": compileArithmetic,
  "%": compileArithmetic,
};

export function compileBinary(compiler: Compiler, node: BinaryNode): Code {
  return BY_OP[node.op](compiler, node);
}
