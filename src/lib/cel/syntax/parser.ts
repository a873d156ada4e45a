import { CelError, type Span } from "../cel-error.ts";
import type { CelLimits } from "../limits.ts";
import { tokenize } from "./lexer.ts";
import { expandMacro, type RawCall } from "./macros.ts";
import type { BinaryOp, ConditionalNode, ListNode, LogicNode, MapNode, Node } from "./node.ts";
import { childrenOf } from "./children.ts";
import { decodeNumber } from "./number-literal.ts";
import { RESERVED, type Token } from "./token.ts";

/** How tightly the two-sided operators bind; `||` and `&&` are chains and stand apart. */
const BINDING: Readonly<Record<string, number>> = {
  "==": 1,
  "!=": 1,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  in: 1,
  "+": 2,
  "-": 2,
  "*": 3,
  "/": 3,
  "%": 3,
};

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Words of other languages that people write in their place. */
const FOREIGN: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!", is: "==", eq: "==" };

/** Parses a source. Throws `CelError`. */
export function parse(source: string, limits: CelLimits): Node {
  if (source.length > limits.maxLength) {
    const problem = `the expression has ${source.length} characters, more than the ${limits.maxLength} allowed`;
    throw new CelError(problem, source, { start: limits.maxLength, end: source.length });
  }
  return new Parser(source, limits).parse();
}

class Parser {
  private readonly source: string;
  private readonly limits: CelLimits;
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;
  private readonly heights = new Map<Node, number>();

  constructor(source: string, limits: CelLimits) {
    this.source = source;
    this.limits = limits;
    this.tokens = tokenize(source);
  }

  parse(): Node {
    if (this.atEnd()) this.refuse("the expression is empty", this.token, "write a condition, or true");
    const node = this.expression();
    if (!this.atEnd()) this.unexpected("the end of the expression");
    return node;
  }

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }

  private atEnd(): boolean {
    return this.token.kind === "end";
  }

  private next(): Token {
    const token = this.token;
    if (token.kind !== "end") this.at += 1;
    return token;
  }

  private is(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  private accept(symbol: string): boolean {
    if (!this.is(symbol)) return false;
    this.at += 1;
    return true;
  }

  private expect(symbol: string, hint = ""): Token {
    if (!this.is(symbol)) this.unexpected(symbol, hint);
    return this.next();
  }

  private refuse(problem: string, span: Span, hint = ""): never {
    throw new CelError(problem, this.source, span, hint);
  }

  private unexpected(wanted: string, hint = ""): never {
    const { token } = this;
    const found = token.kind === "end" ? "the expression ends" : `${JSON.stringify(token.text)} stands`;
    const foreign = token.kind === "name" ? FOREIGN[token.text.toLowerCase()] : undefined;
    const remedy = foreign === undefined ? hint : `write ${foreign}`;
    return this.refuse(`${found} where ${wanted} is expected`, token, remedy);
  }

  /** Admits a node to the tree, within the limits. */
  private made<T extends Node>(node: T): T {
    let height = 0;
    for (const child of childrenOf(node)) height = Math.max(height, this.heights.get(child) ?? 0);
    this.heights.set(node, height + 1);
    if (height >= this.limits.maxDepth) this.tooDeep(node);
    if (this.heights.size > this.limits.maxNodes) {
      this.refuse(`the expression has more than the ${this.limits.maxNodes} parts allowed`, node, "split it");
    }
    return node;
  }

  private tooDeep(span: Span): never {
    const hint = 'use a list, as in x in ["a", "b"], or split the expression';
    return this.refuse(`the expression nests deeper than the ${this.limits.maxDepth} levels allowed`, span, hint);
  }

  /** Counts the nesting of the source, which parentheses deepen and the tree does not show. */
  private nested<T>(read: () => T): T {
    if (this.depth >= this.limits.maxDepth) this.tooDeep(this.token);
    this.depth += 1;
    const result = read();
    this.depth -= 1;
    return result;
  }

  private expression(): Node {
    return this.nested(() => this.conditional());
  }

  private conditional(): Node {
    const branches: { test: Node; yes: Node }[] = [];
    let last = this.chain("||");
    while (this.accept("?")) {
      const yes = this.nested(() => this.chain("||"));
      this.expect(":", "as in condition ? value : otherwise");
      branches.push({ test: last, yes });
      last = this.chain("||");
    }
    for (const { test, yes } of branches.toReversed()) last = this.branch(test, yes, last);
    return last;
  }

  private branch(test: Node, yes: Node, no: Node): ConditionalNode {
    return this.made({ kind: "conditional", test, yes, no, start: test.start, end: no.end });
  }

  private chain(op: LogicNode["op"]): Node {
    const operand = (): Node => (op === "||" ? this.chain("&&") : this.binary(1));
    const first = operand();
    if (!this.is(op)) return first;
    const operands = [first];
    while (this.accept(op)) operands.push(operand());
    return this.made({ kind: "logic", op, operands, start: first.start, end: operands.at(-1)?.end ?? first.end });
  }

  private binary(least: number): Node {
    let left = this.unary();
    for (;;) {
      const { kind, text } = this.token;
      const binding = kind === "symbol" ? (BINDING[text] ?? 0) : 0;
      if (binding < least) return left;
      this.next();
      const right = this.binary(binding + 1);
      left = this.made({ kind: "binary", op: text as BinaryOp, left, right, start: left.start, end: right.end });
    }
  }

  private unary(): Node {
    if (!this.is("!") && !this.is("-")) return this.member(this.primary());
    const { text, start } = this.next();
    const { kind } = this.token;
    if (text === "-" && (kind === "int" || kind === "double")) return this.member(this.numberNode(start, true));
    const operand = this.nested(() => this.unary());
    return this.made({ kind: "unary", op: text as "!" | "-", operand, start, end: operand.end });
  }

  private numberNode(start: number, negative: boolean): Node {
    const token = this.next();
    const literal = decodeNumber(token, negative);
    if (literal === undefined) {
      const type = token.kind === "uint" ? "uint" : "int";
      return this.refuse(
        `${token.text} does not fit into 64 bits of ${type}`,
        token,
        "write it as a double, as in 1e20",
      );
    }
    return this.made({
      kind: "literal",
      type: token.kind as "int" | "uint" | "double",
      value: literal,
      start,
      end: token.end,
    });
  }

  private primary(): Node {
    const { token } = this;
    if (token.kind === "int" || token.kind === "uint" || token.kind === "double")
      return this.numberNode(token.start, false);
    if (token.kind === "string" || token.kind === "bytes") {
      this.next();
      return this.made({
        kind: "literal",
        type: token.kind,
        value: token.value ?? "",
        start: token.start,
        end: token.end,
      });
    }
    if (token.kind === "name" || this.is(".")) return this.name();
    if (this.is("[")) return this.list();
    if (this.is("{")) return this.mapLiteral();
    if (!this.is("(")) return this.unexpected("a value");
    this.next();
    const inner = this.expression();
    this.expect(")");
    return inner;
  }

  private name(): Node {
    const { start } = this.token;
    const absolute = this.accept(".");
    const token = this.next();
    if (token.kind !== "name") {
      this.at -= 1;
      return this.unexpected("a name");
    }
    const word = absolute || !Object.hasOwn(WORDS, token.text) ? undefined : WORDS[token.text];
    if (word !== undefined) {
      return this.made({ kind: "literal", type: word === null ? "null" : "bool", value: word, start, end: token.end });
    }
    if (RESERVED.has(token.text)) this.refuse(`${token.text} is a reserved word`, token, "choose another name");
    if (this.is("(")) return this.call(start, undefined, token);
    return this.made({ kind: "name", name: token.text, absolute, start, end: token.end });
  }

  private member(operand: Node): Node {
    let node = operand;
    for (;;) {
      if (this.accept(".")) node = this.select(node);
      else if (this.accept("[")) {
        const optional = this.accept("?");
        const index = this.expression();
        node = this.made({
          kind: "index",
          operand: node,
          index,
          optional,
          start: node.start,
          end: this.expect("]").end,
        });
      } else if (this.is("{") && isTypeName(node)) {
        return this.refuse("messages cannot be built here", node, 'write a map: {"key": value}');
      } else return node;
    }
  }

  private select(operand: Node): Node {
    const optional = this.accept("?");
    const token = this.next();
    const word = token.kind === "name" || (token.kind === "symbol" && token.text === "in");
    if (!word && token.kind !== "quoted") {
      this.at -= token.kind === "end" ? 0 : 1;
      return this.unexpected("a field name");
    }
    if (word && !optional && this.is("(")) return this.call(operand.start, operand, token);
    return this.made({ kind: "select", operand, field: token.text, optional, start: operand.start, end: token.end });
  }

  private call(start: number, target: Node | undefined, name: Token): Node {
    this.expect("(");
    const args: Node[] = [];
    while (!this.is(")")) {
      args.push(this.expression());
      if (!this.accept(",")) break;
    }
    const { end } = this.expect(")");
    const raw: RawCall = { name: name.text, nameSpan: { start: name.start, end: name.end }, target, args, start, end };
    const macro = expandMacro(raw, (problem, span, hint) => this.refuse(problem, span, hint));
    return this.made(macro ?? { kind: "call", ...raw });
  }

  private list(): ListNode {
    const { start } = this.expect("[");
    const elements: ListNode["elements"][number][] = [];
    while (!this.is("]")) {
      const optional = this.accept("?");
      elements.push({ value: this.expression(), optional });
      if (!this.accept(",")) break;
    }
    return this.made({ kind: "list", elements, start, end: this.expect("]").end });
  }

  private mapLiteral(): MapNode {
    const { start } = this.expect("{");
    const entries: MapNode["entries"][number][] = [];
    while (!this.is("}")) {
      const optional = this.accept("?");
      const key = this.expression();
      this.expect(":", 'as in {"key": value}');
      entries.push({ key, value: this.expression(), optional });
      if (!this.accept(",")) break;
    }
    return this.made({ kind: "map", entries, start, end: this.expect("}").end });
  }
}

function isTypeName(node: Node): boolean {
  return node.kind === "name" || (node.kind === "select" && !node.optional && isTypeName(node.operand));
}
