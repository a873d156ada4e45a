import type { BinaryNode, Node } from "../syntax/node.ts";
import { celTypes } from "../types.ts";
import { equalValues } from "../values/equality.ts";
import { kindOf } from "../values/kind.ts";
import { keyOf, lookUp } from "../values/map-access.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";
import { refuseOperands } from "./refuse-operands.ts";

/** `in`, for the elements of lists and the keys of maps. */
export function compileIn(compiler: Compiler, node: BinaryNode): Code {
  const texts = textSet(node.right);
  const one = compiler.compileAs(node.left, celTypes.dyn);
  if (texts !== undefined) {
    return (frame) => {
      const value = one(frame);
      return value === FAULT ? FAULT : texts.has(value);
    };
  }
  const other = compiler.compileAs(node.right, celTypes.dyn);
  return (frame) => {
    const value = one(frame);
    if (value === FAULT) return FAULT;
    const container = other(frame);
    return container === FAULT ? FAULT : contains(frame, node, container, value);
  };
}

/** The elements of a list of string literals. */
function textSet(node: Node): ReadonlySet<unknown> | undefined {
  if (node.kind !== "list") return undefined;
  const texts = node.elements.map(({ value, optional }) =>
    value.kind === "literal" && !optional ? value.value : undefined,
  );
  return texts.every((text) => typeof text === "string") ? new Set(texts) : undefined;
}

function contains(frame: Frame, node: BinaryNode, container: unknown, value: unknown): unknown {
  if (!Array.isArray(container)) {
    if (kindOf(container) !== "map") return refuseOperands(frame, node, value, container);
    const key = keyOf(value);
    return key !== undefined && lookUp(container as object, key) !== undefined;
  }
  frame.spend(container.length);
  for (let at = 0; at < container.length; at += 1) if (equalValues(container[at], value, frame)) return true;
  return false;
}
