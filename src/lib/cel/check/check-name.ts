import type { HasNode, IndexNode, NameNode, Node, SelectNode } from "../syntax/node.ts";
import { dottedName } from "../syntax/dotted-name.ts";
import { celTypes, isNumeric, type CelType } from "../types.ts";
import { TYPE_VALUES, type CelTypeValue } from "../values/type-value.ts";
import type { Checker, Referent, Scope } from "./checker.ts";
import { didYouMean } from "./suggest.ts";

const TYPE_NAMES: ReadonlyMap<string, CelTypeValue> = new Map(
  Object.values(TYPE_VALUES).map((value) => [value.name, value]),
);

/** The type of a variable, a macro's variable or a type's name. */
export function checkName(checker: Checker, node: NameNode, scope: Scope | undefined): CelType {
  const referent = (node.absolute ? undefined : findLocal(node.name, scope)) ?? findGlobal(checker, node.name);
  if (referent === undefined) return refuseName(checker, node, scope);
  return refer(checker, node, referent);
}

/** The type of `operand.field`, which may also be a dotted name. */
export function checkSelect(checker: Checker, node: SelectNode, scope: Scope | undefined): CelType {
  const dotted = node.optional ? undefined : dottedName(node);
  const referent = dotted === undefined || isLocal(node, scope) ? undefined : findGlobal(checker, dotted);
  if (referent !== undefined) return refer(checker, node, referent);
  const operand = checker.known(checker.check(node.operand, scope));
  const inner = operand.kind === "optional" ? checker.known(operand.of) : operand;
  const field = fieldType(checker, node, inner);
  return (node.optional || operand.kind === "optional") && field.kind !== "optional" ? celTypes.optional(field) : field;
}

export function checkHas(checker: Checker, node: HasNode, scope: Scope | undefined): CelType {
  checker.check(node.select, scope);
  return celTypes.bool;
}

/** The type of `operand[index]`. */
export function checkIndex(checker: Checker, node: IndexNode, scope: Scope | undefined): CelType {
  const operand = checker.known(checker.check(node.operand, scope));
  const index = checker.known(checker.check(node.index, scope));
  const inner = operand.kind === "optional" ? checker.known(operand.of) : operand;
  const found = elementType(checker, node, inner, index);
  return node.optional || operand.kind === "optional" ? celTypes.optional(found) : found;
}

/** True when the chain starts with a variable of a macro, which no dotted name hides. */
export function isLocal(node: Node, scope: Scope | undefined): boolean {
  let first = node;
  while (first.kind === "select") first = first.operand;
  return first.kind === "name" && !first.absolute && findLocal(first.name, scope) !== undefined;
}

function refer(checker: Checker, node: Node, referent: Referent): CelType {
  checker.referents.set(node, referent);
  if (referent.kind === "variable") checker.references.add(referent.name);
  return referent.type;
}

function findLocal(name: string, scope: Scope | undefined): Referent | undefined {
  for (let each = scope; each !== undefined; each = each.outer) if (each.name === name) return each.referent;
  return undefined;
}

function findGlobal(checker: Checker, name: string): Referent | undefined {
  const { variables } = checker.env;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (type !== undefined) return { kind: "variable", name, type };
  const value = TYPE_NAMES.get(name);
  return value === undefined ? undefined : { kind: "type", value, type: celTypes.type() };
}

function refuseName(checker: Checker, node: NameNode, scope: Scope | undefined): never {
  const names = Object.keys(checker.env.variables);
  for (let each = scope; each !== undefined; each = each.outer) names.push(each.name);
  const isFunction = Object.hasOwn(checker.functions, node.name);
  const known = names.length > 0 && names.length <= 30 ? `known are ${names.toSorted().join(", ")}` : "";
  const hint = isFunction
    ? `it is a function, write ${node.name}(...)`
    : didYouMean(node.name, names, quoteHint(node, known));
  return checker.refuse(`unknown variable ${node.name}`, node, hint);
}

function quoteHint(node: NameNode, known: string): string {
  return known === "" ? `write "${node.name}" if a text is meant` : `${known}; write "${node.name}" if a text is meant`;
}

function fieldType(checker: Checker, node: SelectNode, operand: CelType): CelType {
  switch (operand.kind) {
    case "dyn":
      return celTypes.dyn;
    case "parameter":
      return celTypes.dyn;
    case "map":
      checkKey(checker, node, operand.key, celTypes.string);
      return operand.value;
    case "object":
      return objectField(checker, node, operand);
    default:
      return checker.refuse(`${checker.show(operand)} has no fields`, node, methodHint(checker, node));
  }
}

function objectField(checker: Checker, node: SelectNode, operand: CelType & { kind: "object" }): CelType {
  const type = Object.hasOwn(operand.fields, node.field) ? operand.fields[node.field] : undefined;
  if (type !== undefined) return type;
  const names = Object.keys(operand.fields);
  const span = { start: node.end - node.field.length, end: node.end };
  return checker.refuse(
    `${operand.name} has no field ${node.field}`,
    span,
    didYouMean(node.field, names, `it has ${names.join(", ")}`),
  );
}

function methodHint(checker: Checker, node: SelectNode): string {
  const isMethod =
    Object.hasOwn(checker.functions, node.field) && checker.functions[node.field]?.some((form) => form.method);
  if (isMethod === true) return `${node.field} is a method, write .${node.field}(...)`;
  return node.field === "length" ? "write .size()" : "";
}

function elementType(checker: Checker, node: IndexNode, operand: CelType, index: CelType): CelType {
  switch (operand.kind) {
    case "dyn":
    case "parameter":
      return celTypes.dyn;
    case "list":
      if (!isNumeric(index) && !checker.binder.assign(celTypes.int, index)) {
        checker.refuse(`the index of a list must be int, this is ${checker.show(index)}`, node.index);
      }
      return operand.element;
    case "map":
      checkKey(checker, node.index, operand.key, index);
      return operand.value;
    case "object":
      return checker.refuse(`${operand.name} has fields, not keys`, node, indexHint(node));
    default:
      return checker.refuse(
        `${checker.show(operand)} has no elements`,
        node.operand,
        operand.kind === "string" ? "write .charAt(i)" : "",
      );
  }
}

function indexHint(node: IndexNode): string {
  return node.index.kind === "literal" && node.index.type === "string"
    ? `write .${String(node.index.value)}`
    : "write .field";
}

function checkKey(checker: Checker, node: Node, wanted: CelType, given: CelType): void {
  if (isNumeric(checker.known(wanted)) && isNumeric(given)) return;
  if (checker.binder.assign(wanted, given)) return;
  checker.refuse(`the keys of this map are ${checker.show(wanted)}, not ${checker.show(given)}`, node);
}
