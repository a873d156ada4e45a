import { type Referent } from "../check/checker.ts";
import { dottedName } from "../syntax/dotted-name.ts";
import type { HasNode, IndexNode, NameNode, Node, SelectNode } from "../syntax/node.ts";
import { celTypes, type CelType } from "../types.ts";
import { admitHost, admitValue, type Admit } from "../values/admit.ts";
import { kindOf, typeNameOf } from "../values/kind.ts";
import { keyOf, lookUp } from "../values/map-access.ts";
import type { MapKey } from "../values/map.ts";
import { CelOptional, NO_VALUE } from "../values/optional.ts";
import type { CelValue } from "../values/value.ts";
import type { Compiler } from "./compiler.ts";
import { constantOf } from "./compile-literal.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

export function compileName(compiler: Compiler, node: NameNode): Code {
  return compileReferent(compiler.checked.referents.get(node) as Referent, node);
}

function compileReferent(referent: Referent, node: Node): Code {
  if (referent.kind === "variable") return readVariable(referent.name, referent.type, node);
  if (referent.kind === "type") return () => referent.value;
  const { slot } = referent;
  return (frame) => frame.locals[slot];
}

function readVariable(name: string, type: CelType, node: Node): Code {
  const admit = admitHost(type);
  return (frame) => {
    const given = frame.input[name];
    const value = admit(given, frame);
    return value === undefined ? refuseVariable(frame, name, type, given, node) : value;
  };
}

function refuseVariable(frame: Frame, name: string, type: CelType, given: unknown, node: Node): unknown {
  if (given === undefined || given === null) return frame.fail(`variable ${name} is absent`, undefined, node);
  return frame.fail(`variable ${name} is no ${type.kind}`, undefined, node);
}

export function compileSelect(compiler: Compiler, node: SelectNode): Code {
  const referent = compiler.checked.referents.get(node);
  if (referent !== undefined) return compileReferent(referent, node);
  const operand = compiler.typeOf(node.operand);
  const code = compiler.compile(node.operand);
  if (node.optional || operand.kind === "optional") return optionalAccess(code, () => node.field, node);
  if (operand.kind === "object") return objectField(code, operand, node);
  const type = compiler.typeOf(node);
  return operand.kind === "map"
    ? keyOfMap(code, node.field, type, node)
    : indexAccess(code, () => node.field, type, node);
}

function objectField(operand: Code, type: CelType & { kind: "object" }, node: SelectNode): Code {
  const { field } = node;
  const name = dottedName(node.operand) ?? type.name;
  const admit = admitHost(type.fields[field] ?? celTypes.dyn);
  return (frame) => {
    const object = operand(frame) as Record<string, unknown> | null | typeof FAULT;
    if (object === FAULT) return FAULT;
    if (object === null) return frame.fail(`${name} is absent, it has no field ${field}`, undefined, node);
    const value = admit(object[field], frame);
    return value === undefined ? frame.fail(`${name} has no field ${field}`, undefined, node) : value;
  };
}

/** The value under a constant key of a map. */
function keyOfMap(operand: Code, key: MapKey, type: CelType, node: Node): Code {
  const admit = admitValue(type);
  return (frame) => {
    const map = operand(frame) as object | typeof FAULT;
    if (map === FAULT) return FAULT;
    const value = lookUp(map, key);
    return value === undefined ? frame.fail("no such key", key, node) : admitted(frame, value, admit, node);
  };
}

/** The value under a key, or at an index, of what may be anything. */
function access(frame: Frame, container: unknown, key: MapKey, admit: Admit, node: Node): unknown {
  const kind = kindOf(container);
  if (kind === "optional") return accessOptional(frame, container, key, node);
  if (kind === "list" && typeof key !== "string") {
    const list = container as readonly CelValue[];
    const element = elementAt(list, key);
    if (element === undefined) return frame.fail(`index out of range of a list of ${list.length}`, key, node);
    return admitted(frame, element, admit, node);
  }
  if (kind !== "map") return refuseOperand(frame, container, key, node);
  const value = lookUp(container as object, key);
  return value === undefined ? frame.fail("no such key", key, node) : admitted(frame, value, admit, node);
}

function admitted(frame: Frame, value: CelValue, admit: Admit, node: Node): unknown {
  const found = admit(value, frame);
  return found === undefined ? frame.fail(`the value found is a ${typeNameOf(value)}`, undefined, node) : found;
}

function refuseOperand(frame: Frame, value: unknown, key: MapKey, node: Node): typeof FAULT {
  return frame.fail(`${typeNameOf(value)} has no ${node.kind === "index" ? "elements" : "fields"}`, key, node);
}

function elementAt(list: readonly CelValue[], index: MapKey): CelValue | undefined {
  return typeof index === "number" && index >= 0 && index < list.length ? (list[index] ?? null) : undefined;
}

export function compileIndex(compiler: Compiler, node: IndexNode): Code {
  const operand = compiler.typeOf(node.operand);
  const code = compiler.compile(node.operand);
  const constant = constantOf(node.index);
  const isOptional = node.optional || operand.kind === "optional";
  if (!isOptional && constant !== undefined) {
    const key = keyOf(constant);
    if (key !== undefined && operand.kind === "map") return keyOfMap(code, key, compiler.typeOf(node), node);
  }
  const index = indexCode(compiler, node.index);
  return isOptional ? optionalAccess(code, index, node) : indexAccess(code, index, compiler.typeOf(node), node);
}

/** Code for an index in the form that lookups want; null for a value that no map and no list can have. */
function indexCode(compiler: Compiler, node: Node): Code {
  const { kind } = compiler.typeOf(node);
  const code = compiler.compile(node);
  if (kind === "string" || kind === "int" || kind === "uint" || kind === "bool") return code;
  return (frame) => {
    const value = code(frame);
    return value === FAULT ? FAULT : (keyOf(value) ?? null);
  };
}

function indexAccess(operand: Code, index: Code, type: CelType, node: Node): Code {
  const admit = admitValue(type);
  return (frame) => {
    const container = operand(frame);
    if (container === FAULT) return FAULT;
    const key = index(frame) as MapKey | null | typeof FAULT;
    if (key === FAULT) return FAULT;
    if (key === null) return frame.fail("no such key, or index", undefined, node);
    return access(frame, container, key, admit, node);
  };
}

/** `a.?b`, `a[?b]`, and everything after an optional: absent where the key is, a fault where there could be none. */
function optionalAccess(operand: Code, index: Code, node: Node): Code {
  return (frame) => {
    const container = operand(frame);
    if (container === FAULT) return FAULT;
    const key = index(frame) as MapKey | null | typeof FAULT;
    return key === FAULT ? FAULT : accessOptional(frame, container, key, node, isMarked(node));
  };
}

function isMarked(node: Node): boolean {
  return (node.kind === "select" || node.kind === "index") && node.optional;
}

/** Into an optional's value; `lenient` also where the thing itself is no optional. */
function accessOptional(frame: Frame, container: unknown, key: MapKey | null, node: Node, lenient = false): unknown {
  const inner = container instanceof CelOptional ? container.value : container;
  if (inner === undefined) return NO_VALUE;
  const kind = kindOf(inner);
  if (kind !== "map" && kind !== "list")
    return lenient && inner === null ? NO_VALUE : refuseOperand(frame, inner, key ?? "", node);
  const value =
    key === null ? undefined : kind === "list" ? elementAt(inner as CelValue[], key) : lookUp(inner as object, key);
  if (value === undefined) return NO_VALUE;
  return value instanceof CelOptional ? value : new CelOptional(value);
}

/** `has(a.b)`: false too for what has no fields, and for what is absent along a chain of the host's objects. */
export function compileHas(compiler: Compiler, node: HasNode): Code {
  const { field, operand } = node.select;
  const code = compilePresent(compiler, operand);
  const isObject = compiler.typeOf(operand).kind === "object";
  return (frame) => {
    const value = code(frame);
    if (value === FAULT) return FAULT;
    const container = value instanceof CelOptional ? value.value : value;
    if (isObject) return container !== null && ((container as Record<string, unknown>)[field] ?? null) !== null;
    return kindOf(container) === "map" && lookUp(container as object, field) !== undefined;
  };
}

/** Code that is null where a field of a host's object is missing on the way. */
function compilePresent(compiler: Compiler, node: Node): Code {
  const type = node.kind === "select" ? compiler.typeOf(node.operand) : undefined;
  if (node.kind !== "select" || node.optional || type?.kind !== "object" || compiler.checked.referents.has(node)) {
    return compiler.compile(node);
  }
  const operand = compilePresent(compiler, node.operand);
  const admit = admitHost(type.fields[node.field] ?? celTypes.dyn);
  return (frame) => {
    const object = operand(frame) as Record<string, unknown> | null | typeof FAULT;
    if (object === FAULT || object === null) return object;
    return admit(object[node.field], frame) ?? null;
  };
}
