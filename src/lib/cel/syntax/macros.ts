import type { Span } from "../cel-error.ts";
import type { LoopKind, Node } from "./node.ts";

/** A call as the parser found it, before it is known to be a macro. */
export interface RawCall extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly target: Node | undefined;
  readonly args: readonly Node[];
}

/** Refuses the macro; the parser adds the source. */
export type Refuse = (problem: string, span: Span, hint: string) => never;

interface LoopForm {
  readonly loop: LoopKind;
  readonly variables: 1 | 2;
  readonly filter: boolean;
  readonly usage: string;
}

const form = (loop: LoopKind, variables: 1 | 2, filter: boolean, usage: string): LoopForm => ({
  loop,
  variables,
  filter,
  usage,
});

/** Forms by name and number of arguments. */
const LOOPS: Readonly<Record<string, Readonly<Record<number, LoopForm>>>> = {
  all: { 2: form("all", 1, false, "list.all(x, condition)"), 3: form("all", 2, false, "list.all(i, x, condition)") },
  exists: {
    2: form("exists", 1, false, "list.exists(x, condition)"),
    3: form("exists", 2, false, "list.exists(i, x, condition)"),
  },
  exists_one: {
    2: form("existsOne", 1, false, "list.exists_one(x, condition)"),
    3: form("existsOne", 2, false, "list.exists_one(i, x, condition)"),
  },
  existsOne: {
    2: form("existsOne", 1, false, "list.existsOne(x, condition)"),
    3: form("existsOne", 2, false, "list.existsOne(i, x, condition)"),
  },
  filter: { 2: form("filter", 1, false, "list.filter(x, condition)") },
  map: { 2: form("map", 1, false, "list.map(x, value)"), 3: form("map", 1, true, "list.map(x, condition, value)") },
  transformList: {
    3: form("map", 2, false, "list.transformList(i, x, value)"),
    4: form("map", 2, true, "list.transformList(i, x, condition, value)"),
  },
  transformMap: {
    3: form("transformMap", 2, false, "map.transformMap(k, v, value)"),
    4: form("transformMap", 2, true, "map.transformMap(k, v, condition, value)"),
  },
};

/** The names of all macros, for suggestions. */
export const MACRO_NAMES: readonly string[] = [...Object.keys(LOOPS), "has", "optMap", "optFlatMap"];

/** The node of a macro call, or undefined when the call is a plain function call. */
export function expandMacro(call: RawCall, refuse: Refuse): Node | undefined {
  if (call.target === undefined) return call.name === "has" ? expandHas(call, refuse) : undefined;
  if (call.name === "bind" && call.target.kind === "name" && call.target.name === "cel")
    return expandBind(call, refuse);
  if (call.name === "optMap" || call.name === "optFlatMap") return expandOptional(call, call.target, refuse);
  const forms = Object.hasOwn(LOOPS, call.name) ? LOOPS[call.name] : undefined;
  return forms === undefined ? undefined : expandLoop(call, call.target, forms, refuse);
}

function expandHas(call: RawCall, refuse: Refuse): Node {
  const [select] = call.args;
  if (call.args.length !== 1 || select?.kind !== "select" || select.optional) {
    const hint = select?.kind === "index" ? 'write has(map.field), or "key" in map' : "write has(value.field)";
    return refuse("has() takes one field selection", call, hint);
  }
  return { kind: "has", select, start: call.start, end: call.end };
}

function expandLoop(call: RawCall, range: Node, forms: Readonly<Record<number, LoopForm>>, refuse: Refuse): Node {
  const found = forms[call.args.length];
  if (found === undefined) {
    const usages = Object.values(forms).map((each) => each.usage);
    return refuse(`${call.name}() does not take ${call.args.length} arguments`, call, `write ${usages.join(" or ")}`);
  }
  const variables = call.args.slice(0, found.variables).map((arg) => nameOf(arg, found.usage, refuse));
  if (variables[0] === variables[1])
    refuse("the two variables need different names", call.nameSpan, `as in ${found.usage}`);
  const body = call.args.at(-1) as Node;
  const filter = found.filter ? call.args.at(-2) : undefined;
  return { kind: "loop", loop: found.loop, range, variables, filter, body, start: call.start, end: call.end };
}

function expandBind(call: RawCall, refuse: Refuse): Node {
  const usage = "cel.bind(name, value, expression)";
  const [variable, value, body] = call.args;
  if (call.args.length !== 3 || variable === undefined || value === undefined || body === undefined) {
    return refuse("cel.bind() takes three arguments", call, `write ${usage}`);
  }
  return { kind: "bind", name: nameOf(variable, usage, refuse), value, body, start: call.start, end: call.end };
}

function expandOptional(call: RawCall, operand: Node, refuse: Refuse): Node {
  const usage = `optional.${call.name}(x, expression)`;
  const [variable, body] = call.args;
  if (call.args.length !== 2 || variable === undefined || body === undefined) {
    return refuse(`${call.name}() takes two arguments`, call, `write ${usage}`);
  }
  const name = nameOf(variable, usage, refuse);
  return {
    kind: "optionalMap",
    operand,
    name,
    body,
    flat: call.name === "optFlatMap",
    start: call.start,
    end: call.end,
  };
}

function nameOf(arg: Node, usage: string, refuse: Refuse): string {
  if (arg.kind !== "name" || arg.absolute)
    return refuse("a variable of a macro must be a plain name", arg, `as in ${usage}`);
  return arg.name;
}
