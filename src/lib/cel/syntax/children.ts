import type { Node } from "./node.ts";

type ChildrenByKind = { readonly [K in Node["kind"]]: (node: Extract<Node, { kind: K }>) => readonly Node[] };

const CHILDREN: ChildrenByKind = {
  literal: () => [],
  name: () => [],
  select: (node) => [node.operand],
  index: (node) => [node.operand, node.index],
  call: (node) => (node.target === undefined ? node.args : [node.target, ...node.args]),
  unary: (node) => [node.operand],
  binary: (node) => [node.left, node.right],
  logic: (node) => node.operands,
  conditional: (node) => [node.test, node.yes, node.no],
  list: (node) => node.elements.map((element) => element.value),
  map: (node) => node.entries.flatMap((entry) => [entry.key, entry.value]),
  has: (node) => [node.select],
  loop: (node) => (node.filter === undefined ? [node.range, node.body] : [node.range, node.filter, node.body]),
  bind: (node) => [node.value, node.body],
  optionalMap: (node) => [node.operand, node.body],
};

/** The nodes right below a node, in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  return CHILDREN[node.kind](node as never);
}
