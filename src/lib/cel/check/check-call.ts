import type { Overload } from "../functions/overload.ts";
import { MACRO_NAMES } from "../syntax/macros.ts";
import { dottedName } from "../syntax/dotted-name.ts";
import type { CallNode, Node } from "../syntax/node.ts";
import { celTypes, formatType, partsOf, type CelType } from "../types.ts";
import { sameType } from "./same-type.ts";
import type { Checker, Scope } from "./checker.ts";
import { isLocal } from "./check-name.ts";
import { didYouMean } from "./suggest.ts";

/** What people write who know other languages. */
const FOREIGN: Readonly<Record<string, string>> = {
  len: "size(x)",
  length: "size()",
  count: "size()",
  includes: "contains(part)",
  has: "has(value.field)",
  toLowerCase: "lowerAscii()",
  lower: "lowerAscii()",
  lowercase: "lowerAscii()",
  toUpperCase: "upperAscii()",
  upper: "upperAscii()",
  match: "matches(pattern)",
  regex: "matches(pattern)",
  test: "matches(pattern)",
  startswith: "startsWith(prefix)",
  endswith: "endsWith(suffix)",
  str: "string(x)",
  toString: "string(x)",
  float: "double(x)",
  number: "double(x)",
  any: "exists(x, condition)",
  some: "exists(x, condition)",
  every: "all(x, condition)",
  max: "math.greatest(a, b)",
  min: "math.least(a, b)",
  now: "now",
};

interface Form {
  readonly name: string;
  readonly method: boolean;
  readonly args: readonly Node[];
}

/** The type of a function's or method's result. */
export function checkCall(checker: Checker, node: CallNode, scope: Scope | undefined): CelType {
  const form = formOf(checker, node, scope);
  const types = form.args.map((arg) => checker.check(arg, scope));
  const all = Object.hasOwn(checker.functions, form.name) ? (checker.functions[form.name] ?? []) : [];
  if (all.length === 0) return refuseUnknown(checker, node, form);
  const overloads = all.filter(
    (overload) => overload.method === form.method && overload.params.length === form.args.length,
  );
  const { matching, result } = select(checker, overloads, types);
  if (matching.length === 0) return refuseCall(checker, node, form, all, types);
  checker.calls.set(node, { args: form.args, overloads: matching });
  return result;
}

/** `math.abs(x)` is a function with a dotted name, `text.size()` a method. */
function formOf(checker: Checker, node: CallNode, scope: Scope | undefined): Form {
  const { target, args } = node;
  if (target === undefined) return { name: node.name, method: false, args };
  const dotted = isLocal(target, scope) ? undefined : dottedName(target);
  const name = `${dotted}.${node.name}`;
  if (dotted !== undefined && Object.hasOwn(checker.functions, name)) return { name, method: false, args };
  if (dotted !== undefined && isNamespace(checker, dotted)) return { name, method: false, args };
  return { name: node.name, method: true, args: [target, ...args] };
}

function isNamespace(checker: Checker, name: string): boolean {
  if (Object.hasOwn(checker.env.variables, name)) return false;
  return Object.keys(checker.functions).some((each) => each.startsWith(`${name}.`));
}

function select(
  checker: Checker,
  overloads: readonly Overload[],
  types: readonly CelType[],
): { matching: Overload[]; result: CelType } {
  const { binder } = checker;
  const isExact = types.every((type) => isKnown(checker.known(type)));
  const matching: Overload[] = [];
  const results: CelType[] = [];
  for (const overload of overloads) {
    const mark = binder.mark();
    const result = matchOverload(checker, overload, types);
    if (result !== undefined) {
      if (isExact) return { matching: [overload], result };
      matching.push(overload);
      results.push(binder.settle(result));
    }
    binder.rollback(mark);
  }
  const [only] = matching;
  const [first = celTypes.dyn] = results;
  if (matching.length === 1 && only !== undefined)
    return { matching, result: matchOverload(checker, only, types) ?? first };
  return { matching, result: results.every((each) => sameType(each, first)) ? first : celTypes.dyn };
}

/** True when no value of the type can decide between forms. */
function isKnown(type: CelType): boolean {
  return type.kind !== "dyn" && type.kind !== "parameter" && partsOf(type).every(isKnown);
}

function matchOverload(checker: Checker, overload: Overload, types: readonly CelType[]): CelType | undefined {
  if (overload.accepts?.(types.map((type) => checker.known(type))) === false) return undefined;
  const signature = checker.binder.instantiate([overload.result, ...overload.params]);
  const fits = types.every((type, at) => checker.binder.assign(signature[at + 1] ?? celTypes.dyn, type));
  return fits ? signature[0] : undefined;
}

function refuseUnknown(checker: Checker, node: CallNode, form: Form): never {
  const names = Object.keys(checker.functions).filter((name) =>
    checker.functions[name]?.some((overload) => overload.method === form.method),
  );
  const foreign = Object.hasOwn(FOREIGN, node.name) ? FOREIGN[node.name] : undefined;
  const hint = foreign === undefined ? didYouMean(form.name, [...names, ...MACRO_NAMES]) : `write ${foreign}`;
  return checker.refuse(`unknown ${form.method ? "method" : "function"} ${form.name}()`, node.nameSpan, hint);
}

function refuseCall(
  checker: Checker,
  node: CallNode,
  form: Form,
  all: readonly Overload[],
  types: readonly CelType[],
): never {
  const shown = types.map((type) => checker.show(type));
  const [receiver, ...rest] = shown;
  const given = form.method ? `${receiver}.${node.name}(${rest.join(", ")})` : `${form.name}(${shown.join(", ")})`;
  const usages = [...new Set(all.map((overload) => usageOf(form.name, overload)))];
  const hint = usages.length > 6 ? `${usages.slice(0, 6).join(", ")}, …` : usages.join(", ");
  return checker.refuse(`there is no ${given}`, node.nameSpan, `there is ${hint}`);
}

function usageOf(name: string, overload: Overload): string {
  const [first = "", ...rest] = overload.params.map(formatType);
  return overload.method
    ? `${first}.${name}(${rest.join(", ")})`
    : `${name}(${[first, ...rest].filter(Boolean).join(", ")})`;
}
