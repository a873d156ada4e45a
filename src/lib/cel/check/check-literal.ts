import type { ListNode, MapNode, Node } from "../syntax/node.ts";
import { celTypes, type CelType } from "../types.ts";
import type { Checker, Scope } from "./checker.ts";

const KEYS: ReadonlySet<CelType["kind"]> = new Set(["bool", "int", "uint", "string", "dyn", "parameter"]);

export function checkList(checker: Checker, node: ListNode, scope: Scope | undefined): CelType {
  let element: CelType | undefined;
  for (const { value, optional } of node.elements)
    element = joined(checker, element, entryType(checker, value, optional, scope));
  return celTypes.list(element ?? checker.binder.fresh());
}

export function checkMap(checker: Checker, node: MapNode, scope: Scope | undefined): CelType {
  let key: CelType | undefined;
  let value: CelType | undefined;
  for (const entry of node.entries) {
    const type = checker.known(checker.check(entry.key, scope));
    if (!KEYS.has(type.kind)) {
      checker.refuse(`a key must be string, int, uint or bool, this is ${checker.show(type)}`, entry.key);
    }
    key = joined(checker, key, type);
    value = joined(checker, value, entryType(checker, entry.value, entry.optional, scope));
  }
  return celTypes.map(key ?? checker.binder.fresh(), value ?? checker.binder.fresh());
}

function joined(checker: Checker, before: CelType | undefined, type: CelType): CelType {
  return before === undefined ? type : checker.binder.join(before, type);
}

/** The type that an entry adds: what is in it, when it is written `?x`. */
function entryType(checker: Checker, value: Node, optional: boolean, scope: Scope | undefined): CelType {
  const type = checker.check(value, scope);
  if (!optional) return type;
  const inner = checker.binder.fresh();
  if (!checker.binder.assign(celTypes.optional(inner), type)) {
    checker.refuse(`an entry with ? must be an optional, this is ${checker.show(type)}`, value, "leave the ? out");
  }
  return inner;
}
