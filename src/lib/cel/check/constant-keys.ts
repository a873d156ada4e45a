import { childrenOf } from "../syntax/children.ts";
import type { Node } from "../syntax/node.ts";
import type { Checked } from "./checker.ts";

/**
 * The constant keys under which an expression reads a variable that is a map: `v["a"]`, `v.a`, `"a" in v`. Null when it also
 * reads it whole, or under a key that only an evaluation knows.
 */
export function constantKeys(root: Node, checked: Checked, variable: string): ReadonlySet<string> | null {
  const walk = new KeyWalk(checked, variable);
  walk.visit(root);
  return walk.isWhole ? null : walk.keys;
}

class KeyWalk {
  readonly keys = new Set<string>();
  isWhole = false;
  private readonly checked: Checked;
  private readonly variable: string;

  constructor(checked: Checked, variable: string) {
    this.checked = checked;
    this.variable = variable;
  }

  visit(node: Node): void {
    const key = this.keyRead(node);
    if (key !== undefined) this.keys.add(key);
    else if (this.isVariable(node)) this.isWhole = true;
    else for (const child of childrenOf(node)) this.visit(child);
  }

  private isVariable(node: Node): boolean {
    const referent = this.checked.referents.get(node);
    return referent?.kind === "variable" && referent.name === this.variable;
  }

  private keyRead(node: Node): string | undefined {
    if (node.kind === "select") return this.isVariable(node.operand) ? node.field : undefined;
    if (node.kind === "index") return this.isVariable(node.operand) ? textOf(node.index) : undefined;
    return node.kind === "binary" && node.op === "in" && this.isVariable(node.right) ? textOf(node.left) : undefined;
  }
}

function textOf(node: Node): string | undefined {
  return node.kind === "literal" && typeof node.value === "string" ? node.value : undefined;
}
