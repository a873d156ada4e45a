import type { BindNode, LoopKind, LoopNode, OptionalMapNode } from "../syntax/node.ts";
import { celTypes, type CelType } from "../types.ts";
import { admitValue, type Admit } from "../values/admit.ts";
import { keyOf, lookUp, mapKeys, mapSize } from "../values/map-access.ts";
import { CelMap, type CelMapKey } from "../values/map.ts";
import { CelOptional, NO_VALUE } from "../values/optional.ts";
import type { CelValue } from "../values/value.ts";
import { kindOf, typeNameOf } from "../values/kind.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

/** A macro ready to run. */
interface Loop {
  readonly node: LoopNode;
  readonly range: Code;
  readonly filter: Code | undefined;
  readonly body: Code;
  /** Steps for each element. */
  readonly weight: number;
  readonly slot: number;
  readonly admitFirst: Admit;
  /** Of the second variable, in loops that have two. */
  readonly admitSecond: Admit | undefined;
  /** False where the index must be a value, not an `Int`. */
  readonly isIndexInt: boolean;
}

const RUN: Readonly<Record<LoopKind, (loop: Loop) => Code>> = {
  all: (loop) => quantifier(loop, false),
  exists: (loop) => quantifier(loop, true),
  existsOne,
  filter: collectElements,
  map: collectBodies,
  transformMap: collectEntries,
};

export function compileLoop(compiler: Compiler, node: LoopNode): Code {
  const isCondition = node.loop !== "map" && node.loop !== "transformMap";
  const [first, second] = variableTypes(compiler.typeOf(node.range), node.variables.length);
  return RUN[node.loop]({
    node,
    range: compiler.compile(node.range),
    filter: node.filter === undefined ? undefined : compiler.compileAs(node.filter, celTypes.bool),
    body: compiler.compileAs(node.body, isCondition ? celTypes.bool : celTypes.dyn),
    weight: compiler.sizeOf(node.body) + (node.filter === undefined ? 0 : compiler.sizeOf(node.filter)),
    slot: compiler.checked.slots.get(node) ?? 0,
    admitFirst: admitValue(first),
    admitSecond: second === undefined ? undefined : admitValue(second),
    isIndexInt: first.kind === "int",
  });
}

function variableTypes(range: CelType, count: number): [CelType, CelType?] {
  if (range.kind === "list") return count === 2 ? [celTypes.int, range.element] : [range.element];
  if (range.kind === "map") return count === 2 ? [range.key, range.value] : [range.key];
  return count === 2 ? [celTypes.dyn, celTypes.dyn] : [celTypes.dyn];
}

/** Sets the variables for one element; false after a fault. */
function step(frame: Frame, loop: Loop, elements: readonly unknown[], at: number, range: unknown): boolean {
  frame.spend(loop.weight);
  const element = elements[at] ?? null;
  if (loop.admitSecond === undefined) return set(frame, loop, loop.slot, loop.admitFirst, element);
  if (elements === range) {
    frame.locals[loop.slot] = loop.isIndexInt ? at : BigInt(at);
    return set(frame, loop, loop.slot + 1, loop.admitSecond, element);
  }
  const value = lookUp(range as object, keyOf(element) ?? "") ?? null;
  return (
    set(frame, loop, loop.slot, loop.admitFirst, element) && set(frame, loop, loop.slot + 1, loop.admitSecond, value)
  );
}

function set(frame: Frame, loop: Loop, slot: number, admit: Admit, value: unknown): boolean {
  const admitted = admit(value, frame);
  if (admitted === undefined) {
    frame.fail(`an element is a ${typeNameOf(value)}`, undefined, loop.node.range);
    return false;
  }
  frame.locals[slot] = admitted;
  return true;
}

/** `all` and `exists`: a decisive element decides, whatever faults there are. */
function quantifier(loop: Loop, decisive: boolean): Code {
  return withRange(loop, (frame, elements, range) => {
    let fault: Pick<Frame, "at" | "problem" | "detail"> | undefined;
    for (let at = 0; at < elements.length; at += 1) {
      const value = step(frame, loop, elements, at, range) ? loop.body(frame) : FAULT;
      if (value === decisive) return decisive;
      if (value === FAULT) fault ??= { at: frame.at, problem: frame.problem, detail: frame.detail };
    }
    return fault === undefined ? !decisive : frame.fail(fault.problem, fault.detail, fault.at);
  });
}

function existsOne(loop: Loop): Code {
  return withRange(loop, (frame, elements, range) => {
    let found = 0;
    for (let at = 0; at < elements.length; at += 1) {
      const value = step(frame, loop, elements, at, range) ? loop.body(frame) : FAULT;
      if (value === FAULT) return FAULT;
      if (value === true) found += 1;
    }
    return found === 1;
  });
}

function collectElements(loop: Loop): Code {
  return withRange(loop, (frame, elements, range) => {
    const list: unknown[] = [];
    for (let at = 0; at < elements.length; at += 1) {
      const value = step(frame, loop, elements, at, range) ? loop.body(frame) : FAULT;
      if (value === FAULT) return FAULT;
      if (value === true) list.push(elements[at] ?? null);
    }
    return list;
  });
}

function collectBodies(loop: Loop): Code {
  return withRange(loop, (frame, elements, range) => {
    const list: unknown[] = [];
    for (let at = 0; at < elements.length; at += 1) {
      const value = valueOf(frame, loop, elements, at, range);
      if (value === FAULT) return FAULT;
      if (value !== undefined) list.push(value);
    }
    return list;
  });
}

function collectEntries(loop: Loop): Code {
  return withRange(loop, (frame, elements, range) => {
    const map = new CelMap();
    for (let at = 0; at < elements.length; at += 1) {
      const value = valueOf(frame, loop, elements, at, range);
      if (value === FAULT) return FAULT;
      const key = elements === range ? BigInt(at) : (elements[at] as CelMapKey);
      if (value !== undefined) map.add(keyOf(key) ?? "", key, value as CelValue);
    }
    return map;
  });
}

/** The body's value for one element; undefined when the filter leaves the element out. */
function valueOf(frame: Frame, loop: Loop, elements: readonly unknown[], at: number, range: unknown): unknown {
  if (!step(frame, loop, elements, at, range)) return FAULT;
  const kept = loop.filter === undefined ? true : loop.filter(frame);
  if (kept === FAULT) return FAULT;
  return kept === true ? loop.body(frame) : undefined;
}

type RunLoop = (frame: Frame, elements: readonly unknown[], range: unknown) => unknown;

function withRange(loop: Loop, run: RunLoop): Code {
  return (frame) => {
    const range = loop.range(frame);
    if (range === FAULT) return FAULT;
    const elements = elementsOf(frame, loop, range);
    return elements === FAULT ? FAULT : run(frame, elements, range);
  };
}

/** The elements or keys to go through. */
function elementsOf(frame: Frame, loop: Loop, range: unknown): readonly unknown[] | typeof FAULT {
  if (Array.isArray(range)) return range;
  if (kindOf(range) !== "map") {
    return frame.fail(`the macro needs a list or a map, this is ${typeNameOf(range)}`, undefined, loop.node.range);
  }
  frame.spend(mapSize(range as object));
  return mapKeys(range as object);
}

export function compileBind(compiler: Compiler, node: BindNode): Code {
  const slot = compiler.checked.slots.get(node) ?? 0;
  const value = compiler.compile(node.value);
  const body = compiler.compile(node.body);
  return (frame) => {
    const bound = value(frame);
    if (bound === FAULT) return FAULT;
    frame.locals[slot] = bound;
    return body(frame);
  };
}

export function compileOptionalMap(compiler: Compiler, node: OptionalMapNode): Code {
  const slot = compiler.checked.slots.get(node) ?? 0;
  const type = compiler.typeOf(node.operand);
  const operand = compiler.compileAs(node.operand, celTypes.optional());
  const admit = admitValue(type.kind === "optional" ? type.of : celTypes.dyn);
  const body = compiler.compileAs(node.body, node.flat ? celTypes.optional() : celTypes.dyn);
  return (frame) => {
    const optional = operand(frame) as CelOptional | typeof FAULT;
    if (optional === FAULT) return FAULT;
    if (optional.value === undefined) return NO_VALUE;
    frame.locals[slot] = admit(optional.value, frame);
    const value = body(frame);
    return value === FAULT || node.flat ? value : new CelOptional(value as CelValue);
  };
}
