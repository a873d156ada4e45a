import type { CelError, Span } from "../cel-error.ts";
import type { Checked } from "../check/checker.ts";
import { childrenOf } from "../syntax/children.ts";
import type { LiteralNode, Node } from "../syntax/node.ts";
import type { CelType } from "../types.ts";
import { toInt } from "../values/integer.ts";
import { compileHas, compileIndex, compileName, compileSelect } from "./compile-access.ts";
import { compileCall } from "./compile-call.ts";
import { compileBinary, compileUnary } from "./compile-operator.ts";
import { compileList, compileMap } from "./compile-literal.ts";
import { compileConditional, compileLogic } from "./compile-logic.ts";
import { compileBind, compileLoop, compileOptionalMap } from "./compile-loop.ts";
import { coerce } from "./coerce.ts";
import type { Code } from "./frame.ts";

type Compile = (compiler: Compiler, node: never) => Code;

const COMPILE: Readonly<Record<Node["kind"], Compile>> = {
  literal: compileLiteral,
  name: compileName,
  select: compileSelect,
  index: compileIndex,
  call: compileCall,
  unary: compileUnary,
  binary: compileBinary,
  logic: compileLogic,
  conditional: compileConditional,
  list: compileList,
  map: compileMap,
  has: compileHas,
  loop: compileLoop,
  bind: compileBind,
  optionalMap: compileOptionalMap,
};

/** Makes code of checked nodes. Code returns values in the form of its node's type: `Int` for integers, else `CelValue`. */
export class Compiler {
  readonly checked: Checked;
  /** Refuses an expression for what only its constants show. */
  readonly refuse: (problem: string, span: Span, hint?: string) => CelError;
  private readonly sizes = new Map<Node, number>();

  constructor(checked: Checked, refuse: (problem: string, span: Span, hint?: string) => CelError) {
    this.checked = checked;
    this.refuse = refuse;
  }

  compile(node: Node): Code {
    return COMPILE[node.kind](this, node as never);
  }

  /** Code for a node whose values are wanted in the form of another type, usually dyn. */
  compileAs(node: Node, wanted: CelType): Code {
    return coerce(this.compile(node), this.checked.typeOf(node), wanted, node);
  }

  typeOf(node: Node): CelType {
    return this.checked.typeOf(node);
  }

  /** How many nodes there are from this one down: what a macro spends on each element. */
  sizeOf(node: Node): number {
    const known = this.sizes.get(node);
    if (known !== undefined) return known;
    const size = childrenOf(node).reduce((sum, child) => sum + this.sizeOf(child), 1);
    this.sizes.set(node, size);
    return size;
  }
}

function compileLiteral(_: Compiler, node: LiteralNode): Code {
  const value = typeof node.value === "bigint" ? toInt(node.value) : node.value;
  return () => value;
}
