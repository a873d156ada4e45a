import type { BinaryNode, BinaryOp, Node, UnaryNode } from "../syntax/node.ts";
import { celTypes, isNumeric, type CelType } from "../types.ts";
import { admitValue, toValue } from "../values/admit.ts";
import { equalValues } from "../values/equality.ts";
import { kindOf, typeNameOf } from "../values/kind.ts";
import { keyOf, lookUp } from "../values/map-access.ts";
import { compareValues } from "../values/order.ts";
import type { Int } from "../values/integer.ts";
import { ARITHMETIC, negate, type Arithmetic, type ArithmeticOp } from "./arithmetic.ts";
import { coerce, type Compiler } from "./compiler.ts";
import { constantOf } from "./compile-literal.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

type OrderOp = "<" | "<=" | ">" | ">=";

export function compileUnary(compiler: Compiler, node: UnaryNode): Code {
  if (node.op === "!") return not(compiler.compileAs(node.operand, celTypes.bool));
  const { kind } = compiler.typeOf(node.operand);
  const code = compiler.compile(node.operand);
  return (frame) => {
    const value = code(frame);
    if (value === FAULT) return FAULT;
    if (kind === "int") return located(frame, negate(frame, value as Int), node);
    if (typeof value === "number") return -value;
    if (typeof value !== "bigint") return frame.fail(`there is no -${typeNameOf(value)}`, undefined, node);
    const negated = negate(frame, value);
    return negated === FAULT ? frame.failedAt(node) : BigInt(negated);
  };
}

function not(code: Code): Code {
  return (frame) => {
    const value = code(frame);
    return value === FAULT ? FAULT : value === false;
  };
}

function located(frame: Frame, result: unknown, node: Node): unknown {
  return result === FAULT ? frame.failedAt(node) : result;
}

const BY_OP: Readonly<Record<BinaryOp, (compiler: Compiler, node: BinaryNode) => Code>> = {
  "==": (compiler, node) => compileEquality(compiler, node),
  "!=": (compiler, node) => not(compileEquality(compiler, node)),
  in: compileIn,
  "<": compileOrder,
  "<=": compileOrder,
  ">": compileOrder,
  ">=": compileOrder,
  "+": compileArithmetic,
  "-": compileArithmetic,
  "*": compileArithmetic,
  "/": compileArithmetic,
  "%": compileArithmetic,
};

export function compileBinary(compiler: Compiler, node: BinaryNode): Code {
  return BY_OP[node.op](compiler, node);
}

/** Values of these kinds are equal exactly when JavaScript says so, even to a value of unknown type. */
const IDENTICAL: ReadonlySet<CelType["kind"]> = new Set(["string", "bool"]);

function compileEquality(compiler: Compiler, node: BinaryNode): Code {
  const left = compiler.typeOf(node.left);
  const right = compiler.typeOf(node.right);
  if (IDENTICAL.has(left.kind) || IDENTICAL.has(right.kind)) return identical(compiler, node);
  if (isNumeric(left) && isNumeric(right)) return sameNumber(...numbers(compiler, node));
  const one = compiler.compileAs(node.left, celTypes.dyn);
  const other = compiler.compileAs(node.right, celTypes.dyn);
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : equalValues(first, second, frame);
  };
}

function identical(compiler: Compiler, node: BinaryNode): Code {
  const one = compiler.compile(node.left);
  const constant = node.right.kind === "literal" ? constantOf(node.right) : undefined;
  if (constant !== undefined) {
    return (frame) => {
      const value = one(frame);
      return value === FAULT ? FAULT : value === constant;
    };
  }
  const other = compiler.compile(node.right);
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : first === second;
  };
}

/** The operands of a comparison of numbers: an integer meets a double as a double. */
function numbers(compiler: Compiler, node: BinaryNode): [Code, Code] {
  const left = compiler.typeOf(node.left).kind === "double";
  const right = compiler.typeOf(node.right).kind === "double";
  const one = compiler.compile(node.left);
  const other = compiler.compile(node.right);
  return [right && !left ? asDouble(one) : one, left && !right ? asDouble(other) : other];
}

function asDouble(code: Code): Code {
  return (frame) => {
    const value = code(frame);
    return typeof value === "bigint" ? Number(value) : value;
  };
}

function sameNumber(one: Code, other: Code): Code {
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : first === second;
  };
}

type NumberOrder = (one: Code, other: Code) => Code;

/** One closure for each operator: a comparison is too short to choose within it. */
const NUMBER_ORDER: Readonly<Record<OrderOp, NumberOrder>> = {
  "<": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) < (second as Int);
  },
  "<=": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) <= (second as Int);
  },
  ">": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) > (second as Int);
  },
  ">=": (one, other) => (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : (first as Int) >= (second as Int);
  },
};

/** What the operators make of a comparison's outcome. NaN, for no order, makes all of them false. */
const HOLDS: Readonly<Record<OrderOp, (outcome: number) => boolean>> = {
  "<": (outcome) => outcome < 0,
  "<=": (outcome) => outcome <= 0,
  ">": (outcome) => outcome > 0,
  ">=": (outcome) => outcome >= 0,
};

function compileOrder(compiler: Compiler, node: BinaryNode): Code {
  const op = node.op as OrderOp;
  if (isNumeric(compiler.typeOf(node.left)) && isNumeric(compiler.typeOf(node.right))) {
    return NUMBER_ORDER[op](...numbers(compiler, node));
  }
  const one = compiler.compileAs(node.left, celTypes.dyn);
  const other = compiler.compileAs(node.right, celTypes.dyn);
  const holds = HOLDS[op];
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    if (second === FAULT) return FAULT;
    const outcome = compareValues(first, second, frame);
    return outcome === undefined ? refuseOperands(frame, node, first, second) : holds(outcome);
  };
}

function refuseOperands(frame: Frame, node: BinaryNode, left: unknown, right: unknown): typeof FAULT {
  return frame.fail(`${node.op} does not take ${typeNameOf(left)} and ${typeNameOf(right)}`, undefined, node);
}

function compileIn(compiler: Compiler, node: BinaryNode): Code {
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
  const texts = node.elements.map(({ value, optional }) => (value.kind === "literal" && !optional ? value.value : undefined));
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

function compileArithmetic(compiler: Compiler, node: BinaryNode): Code {
  const forms = ARITHMETIC[node.op as ArithmeticOp];
  const left = compiler.typeOf(node.left);
  const right = compiler.typeOf(node.right);
  const form = forms[`${left.kind} ${right.kind}`];
  if (form !== undefined) return applied(form, compiler.compile(node.left), compiler.compile(node.right), node);
  const code = dispatched(forms, compiler.compileAs(node.left, celTypes.dyn), compiler.compileAs(node.right, celTypes.dyn), node);
  return coerce(code, celTypes.dyn, compiler.typeOf(node), node);
}

function applied(form: Arithmetic, one: Code, other: Code, node: BinaryNode): Code {
  const run = form.run as (frame: Frame, left: unknown, right: unknown) => unknown;
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    return second === FAULT ? FAULT : located(frame, run(frame, first, second), node);
  };
}

/** For operands of unknown type: takes and returns values. */
function dispatched(forms: Readonly<Record<string, Arithmetic>>, one: Code, other: Code, node: BinaryNode): Code {
  return (frame) => {
    const first = one(frame);
    if (first === FAULT) return FAULT;
    const second = other(frame);
    if (second === FAULT) return FAULT;
    const form = forms[`${kindOf(first)} ${kindOf(second)}`];
    if (form === undefined) return refuseOperands(frame, node, first, second);
    const run = form.run as (frame: Frame, left: unknown, right: unknown) => unknown;
    const result = run(frame, operand(first, frame), operand(second, frame));
    if (result === FAULT) return frame.failedAt(node);
    const box = form.result === "int" || form.result === "uint" ? toValue({ kind: form.result }) : undefined;
    return box === undefined ? result : box(result);
  };
}

const asInt = admitValue(celTypes.int);
const asUint = admitValue(celTypes.uint);

function operand(value: unknown, frame: Frame): unknown {
  return typeof value === "bigint" ? asInt(value, frame) : (asUint(value, frame) ?? value);
}
