import type { Span } from "../cel-error.ts";

/** The syntax tree. Macros are nodes of their own, so the checker and the evaluator see what the author wrote. */
export type Node =
  | LiteralNode
  | NameNode
  | SelectNode
  | IndexNode
  | CallNode
  | UnaryNode
  | BinaryNode
  | LogicNode
  | ConditionalNode
  | ListNode
  | MapNode
  | HasNode
  | LoopNode
  | BindNode
  | OptionalMapNode;

export type LiteralKind = "null" | "bool" | "int" | "uint" | "double" | "string" | "bytes";

export interface LiteralNode extends Span {
  readonly kind: "literal";
  readonly type: LiteralKind;
  /** Of an `int` or `uint` always a bigint. */
  readonly value: null | boolean | bigint | number | string | Uint8Array;
}

export interface NameNode extends Span {
  readonly kind: "name";
  readonly name: string;
  /** Written with a leading dot: never a variable of a macro. */
  readonly absolute: boolean;
}

export interface SelectNode extends Span {
  readonly kind: "select";
  readonly operand: Node;
  readonly field: string;
  /** Written `.?field`. */
  readonly optional: boolean;
}

export interface IndexNode extends Span {
  readonly kind: "index";
  readonly operand: Node;
  readonly index: Node;
  /** Written `[?index]`. */
  readonly optional: boolean;
}

export interface CallNode extends Span {
  readonly kind: "call";
  readonly name: string;
  /** Where the name stands. */
  readonly nameSpan: Span;
  readonly target: Node | undefined;
  readonly args: readonly Node[];
}

export interface UnaryNode extends Span {
  readonly kind: "unary";
  readonly op: "!" | "-";
  readonly operand: Node;
}

export type BinaryOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "in";

export interface BinaryNode extends Span {
  readonly kind: "binary";
  readonly op: BinaryOp;
  readonly left: Node;
  readonly right: Node;
}

/** A whole chain, so that its length does not nest. */
export interface LogicNode extends Span {
  readonly kind: "logic";
  readonly op: "&&" | "||";
  readonly operands: readonly Node[];
}

export interface ConditionalNode extends Span {
  readonly kind: "conditional";
  readonly test: Node;
  readonly yes: Node;
  readonly no: Node;
}

/** An element or entry written `?x` is left out when its optional value is absent. */
export interface ListNode extends Span {
  readonly kind: "list";
  readonly elements: readonly { readonly value: Node; readonly optional: boolean }[];
}

export interface MapNode extends Span {
  readonly kind: "map";
  readonly entries: readonly { readonly key: Node; readonly value: Node; readonly optional: boolean }[];
}

export interface HasNode extends Span {
  readonly kind: "has";
  readonly select: SelectNode;
}

export type LoopKind = "all" | "exists" | "existsOne" | "filter" | "map" | "transformMap";

/** A macro over the elements of a list or the keys of a map. */
export interface LoopNode extends Span {
  readonly kind: "loop";
  readonly loop: LoopKind;
  readonly range: Node;
  /** One name: the element or key. Two: index and element, or key and value. */
  readonly variables: readonly string[];
  /** Of `map` and `transformMap`: elements for which it is false are left out. */
  readonly filter: Node | undefined;
  readonly body: Node;
}

/** `cel.bind(name, value, body)`. */
export interface BindNode extends Span {
  readonly kind: "bind";
  readonly name: string;
  readonly value: Node;
  readonly body: Node;
}

/** `optMap` and `optFlatMap`. */
export interface OptionalMapNode extends Span {
  readonly kind: "optionalMap";
  readonly operand: Node;
  readonly name: string;
  readonly body: Node;
  /** The body is itself optional. */
  readonly flat: boolean;
}
