import type { BinaryNode } from "../syntax/node.ts";
import { typeNameOf } from "../values/kind.ts";
import type { FAULT, Frame } from "./frame.ts";

/** The fault of an operator whose operands turn out to be of other types. */
export function refuseOperands(frame: Frame, node: BinaryNode, left: unknown, right: unknown): typeof FAULT {
  return frame.fail(`${node.op} does not take ${typeNameOf(left)} and ${typeNameOf(right)}`, undefined, node);
}
