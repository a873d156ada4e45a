import type { BindNode, LoopKind, LoopNode, OptionalMapNode } from "../syntax/node.ts";
import { celTypes, type CelType } from "../types.ts";
import type { Checker, Scope } from "./checker.ts";

const CONDITIONS: ReadonlySet<LoopKind> = new Set(["all", "exists", "existsOne", "filter"]);

/** The type of a macro over a list or map. */
export function checkLoop(checker: Checker, node: LoopNode, scope: Scope | undefined): CelType {
  const range = checker.known(checker.check(node.range, scope));
  let inner = scope;
  variableTypes(checker, node, range).forEach((type, at) => {
    inner = checker.declare(node.variables[at] ?? "", type, inner);
    if (at === 0) checker.slots.set(node, inner.referent.slot);
  });
  if (node.filter !== undefined)
    checker.expect(node.filter, celTypes.bool, inner, "the condition of the macro must be");
  if (CONDITIONS.has(node.loop)) {
    checker.expect(node.body, celTypes.bool, inner, "the condition of the macro must be");
    return node.loop === "filter" ? filterType(range) : celTypes.bool;
  }
  const body = checker.check(node.body, inner);
  return node.loop === "map" ? celTypes.list(body) : celTypes.map(keyType(range), body);
}

export function checkBind(checker: Checker, node: BindNode, scope: Scope | undefined): CelType {
  const inner = checker.declare(node.name, checker.check(node.value, scope), scope);
  checker.slots.set(node, inner.referent.slot);
  return checker.check(node.body, inner);
}

export function checkOptionalMap(checker: Checker, node: OptionalMapNode, scope: Scope | undefined): CelType {
  const value = checker.binder.fresh();
  const name = node.flat ? "optFlatMap" : "optMap";
  const operand = checker.check(node.operand, scope);
  if (!checker.binder.assign(celTypes.optional(value), operand)) {
    checker.refuse(`${name}() needs an optional, this is ${checker.show(operand)}`, node.operand);
  }
  const inner = checker.declare(node.name, value, scope);
  checker.slots.set(node, inner.referent.slot);
  const body = checker.check(node.body, inner);
  if (!node.flat) return celTypes.optional(body);
  const result = celTypes.optional(checker.binder.fresh());
  if (!checker.binder.assign(result, body)) {
    checker.refuse(
      `the expression of optFlatMap() must be an optional, this is ${checker.show(body)}`,
      node.body,
      "use optMap()",
    );
  }
  return result;
}

/** One variable: element or key. Two: index and element, or key and value. */
function variableTypes(checker: Checker, node: LoopNode, range: CelType): CelType[] {
  const two = node.variables.length === 2;
  switch (range.kind) {
    case "list":
      return two ? [celTypes.int, range.element] : [range.element];
    case "map":
      return two ? [range.key, range.value] : [range.key];
    case "dyn":
    case "parameter":
      return node.variables.map(() => celTypes.dyn);
    default: {
      const hint = range.kind === "optional" ? "take its value with .orValue([])" : "";
      return checker.refuse(`the macro needs a list or a map, this is ${checker.show(range)}`, node.range, hint);
    }
  }
}

function filterType(range: CelType): CelType {
  if (range.kind === "map") return celTypes.list(range.key);
  return range.kind === "list" ? range : celTypes.list();
}

function keyType(range: CelType): CelType {
  if (range.kind === "map") return range.key;
  return range.kind === "list" ? celTypes.int : celTypes.dyn;
}
