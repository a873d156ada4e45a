import type { ConditionalNode, LogicNode } from "../syntax/node.ts";
import { celTypes } from "../types.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

/** `&&` and `||`: an operand that decides the result does so whatever the others are, faults included. */
export function compileLogic(compiler: Compiler, node: LogicNode): Code {
  const operands = node.operands.map((operand) => compiler.compileAs(operand, celTypes.bool));
  const decisive = node.op === "||";
  const [first, second] = operands as [Code, Code];
  if (operands.length > 2) return chain(operands, decisive);
  return decisive ? or(first, second) : and(first, second);
}

function and(left: Code, right: Code): Code {
  return (frame) => {
    const first = left(frame);
    if (first === true) return right(frame);
    return first === false ? false : afterFault(frame, right, false);
  };
}

function or(left: Code, right: Code): Code {
  return (frame) => {
    const first = left(frame);
    if (first === false) return right(frame);
    return first === true ? true : afterFault(frame, right, true);
  };
}

/** The left operand has faulted: only a decisive right one helps, else the left one's fault stands. */
function afterFault(frame: Frame, right: Code, decisive: boolean): unknown {
  const { at, problem, detail } = frame;
  return right(frame) === decisive ? decisive : frame.fail(problem, detail, at);
}

function chain(operands: readonly Code[], decisive: boolean): Code {
  return (frame) => {
    for (let at = 0; at < operands.length; at += 1) {
      const value = (operands[at] as Code)(frame);
      if (value === decisive) return decisive;
      if (value === FAULT) return afterFault(frame, chainFrom(operands, at + 1, decisive), decisive);
    }
    return !decisive;
  };
}

function chainFrom(operands: readonly Code[], from: number, decisive: boolean): Code {
  return (frame) => {
    for (let at = from; at < operands.length; at += 1) {
      if ((operands[at] as Code)(frame) === decisive) return decisive;
    }
    return !decisive;
  };
}

export function compileConditional(compiler: Compiler, node: ConditionalNode): Code {
  const type = compiler.typeOf(node);
  const test = compiler.compileAs(node.test, celTypes.bool);
  const yes = compiler.compileAs(node.yes, type);
  const no = compiler.compileAs(node.no, type);
  return (frame) => {
    const value = test(frame);
    if (value === true) return yes(frame);
    return value === FAULT ? FAULT : no(frame);
  };
}
