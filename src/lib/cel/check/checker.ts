import { CelError, type Span } from "../cel-error.ts";
import type { CelEnvironment } from "../environment.ts";
import type { FunctionTable, Overload } from "../functions/overload.ts";
import type { CallNode, LiteralNode, Node } from "../syntax/node.ts";
import { celTypes, formatType, type CelType } from "../types.ts";
import type { CelTypeValue } from "../values/type-value.ts";
import { checkCall } from "./check-call.ts";
import { checkList, checkMap } from "./check-literal.ts";
import { checkBind, checkLoop, checkOptionalMap } from "./check-loop.ts";
import { checkHas, checkIndex, checkName, checkSelect } from "./check-name.ts";
import { checkBinary, checkConditional, checkLogic, checkUnary } from "./check-operator.ts";
import { TypeBinder } from "./type-binder.ts";

/** What a name stands for. */
export type Referent =
  | { readonly kind: "variable"; readonly name: string; readonly type: CelType }
  | { readonly kind: "local"; readonly slot: number; readonly type: CelType }
  | { readonly kind: "type"; readonly value: CelTypeValue; readonly type: CelType };

/** A call with its arguments in the order of the parameters, and the forms that may serve it. */
export interface ResolvedCall {
  readonly args: readonly Node[];
  readonly overloads: readonly Overload[];
}

/** An expression that is known to make sense. */
export interface Checked {
  /** The settled type of a node. */
  typeOf(node: Node): CelType;
  readonly referents: ReadonlyMap<Node, Referent>;
  readonly calls: ReadonlyMap<CallNode, ResolvedCall>;
  /** The first slot of a loop's, `cel.bind`'s or `optMap`'s variables. */
  readonly slots: ReadonlyMap<Node, number>;
  readonly slotCount: number;
  /** The variables that the expression reads. */
  readonly references: ReadonlySet<string>;
}

/** Variables of macros that are in scope, innermost first. */
export interface Scope {
  readonly name: string;
  readonly referent: Extract<Referent, { kind: "local" }>;
  readonly outer: Scope | undefined;
}

/** Checks the types of an expression. Throws `CelError`. */
export function check(root: Node, source: string, env: CelEnvironment, functions: FunctionTable): Checked {
  const checker = new Checker(source, env, functions);
  const type = checker.check(root, undefined);
  const wanted = env.result;
  if (wanted !== undefined && !checker.binder.assign(wanted, type)) {
    const found = formatType(checker.binder.settle(type));
    checker.refuse(`the expression is ${found}, not ${formatType(wanted)}`, root, resultHint(wanted, found));
  }
  return checker.checked();
}

function resultHint(wanted: CelType, found: string): string {
  return wanted.kind === "bool"
    ? `compare it with something, as in ${found === "string" ? '... == "text"' : "... > 0"}`
    : "";
}

type Check = (checker: Checker, node: never, scope: Scope | undefined) => CelType;

const CHECKS: Readonly<Record<Node["kind"], Check>> = {
  literal: (_, node: LiteralNode) => celTypes[node.type],
  name: checkName,
  select: checkSelect,
  index: checkIndex,
  call: checkCall,
  unary: checkUnary,
  binary: checkBinary,
  logic: checkLogic,
  conditional: checkConditional,
  list: checkList,
  map: checkMap,
  has: checkHas,
  loop: checkLoop,
  bind: checkBind,
  optionalMap: checkOptionalMap,
};

/** The state of one check, for the functions that check the kinds of nodes. */
export class Checker {
  readonly binder = new TypeBinder();
  readonly env: CelEnvironment;
  readonly functions: FunctionTable;
  readonly referents = new Map<Node, Referent>();
  readonly calls = new Map<CallNode, ResolvedCall>();
  readonly slots = new Map<Node, number>();
  readonly references = new Set<string>();
  private readonly source: string;
  private readonly types = new Map<Node, CelType>();
  private slotCount = 0;

  constructor(source: string, env: CelEnvironment, functions: FunctionTable) {
    this.source = source;
    this.env = env;
    this.functions = functions;
  }

  check(node: Node, scope: Scope | undefined): CelType {
    const type = CHECKS[node.kind](this, node as never, scope);
    this.types.set(node, type);
    return type;
  }

  /** Checks a node that must have a type. */
  expect(node: Node, wanted: CelType, scope: Scope | undefined, refusal: string): CelType {
    const type = this.check(node, scope);
    if (!this.binder.assign(wanted, type)) {
      this.refuse(
        `${refusal} ${formatType(wanted)}, this is ${this.show(type)}`,
        node,
        wanted.kind === "bool" ? boolHint(type) : "",
      );
    }
    return type;
  }

  /** The kind of a type, as far as it is known by now. */
  known(type: CelType): CelType {
    return this.binder.resolve(type);
  }

  show(type: CelType): string {
    return formatType(this.binder.settle(type));
  }

  /** Opens a scope with one more variable. */
  declare(name: string, type: CelType, outer: Scope | undefined): Scope {
    const slot = outer === undefined ? 0 : outer.referent.slot + 1;
    this.slotCount = Math.max(this.slotCount, slot + 1);
    return { name, referent: { kind: "local", slot, type }, outer };
  }

  refuse(problem: string, span: Span, hint = ""): never {
    throw new CelError(problem, this.source, span, hint);
  }

  checked(): Checked {
    const settled = new Map<Node, CelType>();
    for (const [node, type] of this.types) settled.set(node, this.binder.settle(type));
    const { referents, calls, slots, slotCount, references } = this;
    return { typeOf: (node) => settled.get(node) ?? celTypes.dyn, referents, calls, slots, slotCount, references };
  }
}

function boolHint(type: CelType): string {
  if (type.kind === "string") return 'compare it, as in x == "text" or x != ""';
  return type.kind === "int" || type.kind === "double" || type.kind === "uint" ? "compare it, as in x > 0" : "";
}
