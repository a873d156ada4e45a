import type { BinaryNode, ConditionalNode, LogicNode, UnaryNode } from "../syntax/node.ts";
import { celTypes, isNumeric, type CelType } from "../types.ts";
import type { Checker, Scope } from "./checker.ts";
import { OPERATORS, type OperatorForm } from "./operators.ts";

export function checkUnary(checker: Checker, node: UnaryNode, scope: Scope | undefined): CelType {
  if (node.op === "!") {
    checker.expect(node.operand, celTypes.bool, scope, "! needs a");
    return celTypes.bool;
  }
  const type = checker.known(checker.check(node.operand, scope));
  if (type.kind === "parameter") return celTypes.dyn;
  if (type.kind === "int" || type.kind === "double" || type.kind === "dyn") return type;
  return checker.refuse(`- needs an int or a double, this is ${checker.show(type)}`, node);
}

export function checkLogic(checker: Checker, node: LogicNode, scope: Scope | undefined): CelType {
  for (const operand of node.operands) checker.expect(operand, celTypes.bool, scope, `${node.op} needs`);
  return celTypes.bool;
}

export function checkConditional(checker: Checker, node: ConditionalNode, scope: Scope | undefined): CelType {
  checker.expect(node.test, celTypes.bool, scope, "the condition before ? must be");
  const yes = checker.check(node.yes, scope);
  const no = checker.check(node.no, scope);
  const mark = checker.binder.mark();
  if (checker.binder.assign(yes, no)) return checker.binder.join(yes, no);
  checker.binder.rollback(mark);
  const problem = `both sides of : must have one type, these are ${checker.show(yes)} and ${checker.show(no)}`;
  return checker.refuse(problem, node, "wrap both in dyn() if that is meant");
}

export function checkBinary(checker: Checker, node: BinaryNode, scope: Scope | undefined): CelType {
  const left = checker.known(checker.check(node.left, scope));
  const right = checker.known(checker.check(node.right, scope));
  switch (node.op) {
    case "==":
    case "!=":
      return checkEquality(checker, node, left, right);
    case "in":
      return checkIn(checker, node, left, right);
    default:
      return checkForms(checker, node, OPERATORS[node.op], left, right);
  }
}

/** True when two values of these types can be equal. */
function comparable(checker: Checker, left: CelType, right: CelType): boolean {
  if (isNumeric(left) && isNumeric(right)) return true;
  const mark = checker.binder.mark();
  if (checker.binder.assign(left, right)) return true;
  checker.binder.rollback(mark);
  if (checker.binder.assign(right, left)) return true;
  checker.binder.rollback(mark);
  return false;
}

function checkEquality(checker: Checker, node: BinaryNode, left: CelType, right: CelType): CelType {
  if (comparable(checker, left, right)) return celTypes.bool;
  const problem = `${checker.show(left)} and ${checker.show(right)} are never equal`;
  return checker.refuse(problem, node, equalityHint(node, left, right));
}

function equalityHint(node: BinaryNode, left: CelType, right: CelType): string {
  const literal = node.right.kind === "literal" ? node.right : undefined;
  if (left.kind === "string" && isNumeric(right) && literal !== undefined)
    return `write "${String(literal.value)}" to compare with a text`;
  if (isNumeric(left) && literal?.type === "string" && /^-?[\d.]+$/.test(String(literal.value)))
    return `write ${String(literal.value)} without quotes`;
  if (right.kind === "null" || left.kind === "null") return 'use has(value.field), or "key" in map';
  if (left.kind === "list" || right.kind === "list") return "use in to ask whether a list has an element";
  return "";
}

function checkIn(checker: Checker, node: BinaryNode, left: CelType, right: CelType): CelType {
  if (right.kind === "dyn" || right.kind === "parameter") return celTypes.bool;
  if (right.kind !== "list" && right.kind !== "map") {
    const hint = right.kind === "string" ? "write text.contains(part)" : "";
    return checker.refuse(`in needs a list or a map on its right, this is ${checker.show(right)}`, node, hint);
  }
  const wanted = checker.known(right.kind === "list" ? right.element : right.key);
  if (comparable(checker, wanted, left)) return celTypes.bool;
  return checker.refuse(`${checker.show(right)} never has a ${checker.show(left)}`, node);
}

function checkForms(
  checker: Checker,
  node: BinaryNode,
  forms: readonly OperatorForm[],
  left: CelType,
  right: CelType,
): CelType {
  const results: CelType[] = [];
  let only: OperatorForm | undefined;
  for (const form of forms) {
    const mark = checker.binder.mark();
    const result = matchForm(checker, form, left, right);
    if (result !== undefined) {
      results.push(checker.known(result));
      only = form;
    }
    checker.binder.rollback(mark);
  }
  if (only === undefined) return refuseForms(checker, node, left, right);
  if (results.length === 1) return matchForm(checker, only, left, right) ?? celTypes.dyn;
  const [first = celTypes.dyn] = results;
  return results.every((result) => result.kind === first.kind) && first.kind !== "list" ? first : celTypes.dyn;
}

function matchForm(checker: Checker, form: OperatorForm, left: CelType, right: CelType): CelType | undefined {
  const [wantedLeft, wantedRight, result] = checker.binder.instantiate(form) as [CelType, CelType, CelType];
  return checker.binder.assign(wantedLeft, left) && checker.binder.assign(wantedRight, right) ? result : undefined;
}

function refuseForms(checker: Checker, node: BinaryNode, left: CelType, right: CelType): never {
  const problem = `${node.op} does not take ${checker.show(left)} and ${checker.show(right)}`;
  return checker.refuse(problem, node, formHint(node, left, right));
}

function formHint(node: BinaryNode, left: CelType, right: CelType): string {
  if (isNumeric(left) && isNumeric(right)) return mixedHint(node, left, right);
  if (node.op === "+" && (left.kind === "string" || right.kind === "string"))
    return "write string(x) to join it to a text";
  if (node.op === "%" && left.kind === "double") return "write int(x)";
  if (left.kind === "timestamp" || right.kind === "timestamp")
    return 'write timestamp("2026-01-01T00:00:00Z") or duration("1h")';
  if (left.kind === "duration" || right.kind === "duration") return 'write duration("90s")';
  if (right.kind === "string" && isNumeric(left) && node.right.kind === "literal")
    return "write the number without quotes";
  return "";
}

function mixedHint(node: BinaryNode, left: CelType, right: CelType): string {
  if (left.kind === "double" && right.kind === "double") return node.op === "%" ? "write int(x) % int(y)" : "";
  const wanted = left.kind === "double" || right.kind === "double" ? "double" : "int";
  const literal = [node.left, node.right].find((side) => side.kind === "literal" && side.type === "int");
  if (wanted === "double" && literal?.kind === "literal") return `write ${String(literal.value)}.0`;
  return `write ${wanted}(x) for the other one`;
}
