import type { Node } from "./node.ts";

/** The name that `a.b.c` spells, or undefined when it is no plain chain of names. */
export function dottedName(node: Node): string | undefined {
  if (node.kind === "name") return node.name;
  if (node.kind !== "select" || node.optional) return undefined;
  const operand = dottedName(node.operand);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}
