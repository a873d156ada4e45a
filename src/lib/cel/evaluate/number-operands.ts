import type { BinaryNode } from "../syntax/node.ts";
import type { Compiler } from "./compiler.ts";
import type { Code } from "./frame.ts";

/** The operands of a comparison of numbers: an integer meets a double as a double. */
export function numberOperands(compiler: Compiler, node: BinaryNode): [Code, Code] {
  const left = compiler.typeOf(node.left).kind === "double";
  const right = compiler.typeOf(node.right).kind === "double";
  const one = compiler.compile(node.left);
  const other = compiler.compile(node.right);
  return [right && !left ? asDouble(one) : one, left && !right ? asDouble(other) : other];
}

function asDouble(code: Code): Code {
  return (frame) => {
    const value = code(frame);
    return typeof value === "bigint" ? Number(value) : value;
  };
}
