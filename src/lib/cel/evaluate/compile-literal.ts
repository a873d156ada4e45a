import type { ListNode, MapNode, Node } from "../syntax/node.ts";
import { celTypes } from "../types.ts";
import { CelUint } from "../values/integer.ts";
import { CelMap, type CelMapKey } from "../values/map.ts";
import { keyOf } from "../values/map-access.ts";
import type { CelOptional } from "../values/optional.ts";
import type { CelValue } from "../values/value.ts";
import type { Compiler } from "./compiler.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

interface Entry {
  readonly key: Code;
  readonly keyNode: Node;
  readonly value: Code;
  readonly optional: boolean;
}

/** A list; one of constants alone is made once. */
export function compileList(compiler: Compiler, node: ListNode): Code {
  const constant = constantOf(node);
  if (constant !== undefined) return () => constant;
  const elements = node.elements.map(({ value, optional }) => ({
    code: compiler.compileAs(value, celTypes.dyn),
    optional,
  }));
  return (frame) => {
    frame.spend(elements.length);
    const list: CelValue[] = [];
    for (const { code, optional } of elements) {
      const value = code(frame);
      if (value === FAULT) return FAULT;
      const present = optional ? (value as CelOptional).value : (value as CelValue);
      if (present !== undefined) list.push(present);
    }
    return list;
  };
}

/** A map; one of constants alone is made once. */
export function compileMap(compiler: Compiler, node: MapNode): Code {
  const constant = constantOf(node);
  if (constant !== undefined) return () => constant;
  const entries = node.entries.map(({ key, value, optional }) => ({
    key: compiler.compileAs(key, celTypes.dyn),
    keyNode: key,
    value: compiler.compileAs(value, celTypes.dyn),
    optional,
  }));
  return (frame) => {
    frame.spend(entries.length);
    const map = new CelMap();
    for (const entry of entries) if (addEntry(frame, map, entry) === FAULT) return FAULT;
    return map;
  };
}

function addEntry(frame: Frame, map: CelMap, entry: Entry): unknown {
  const key = entry.key(frame);
  if (key === FAULT) return FAULT;
  const lookup = typeof key === "number" ? undefined : keyOf(key);
  if (lookup === undefined) return frame.fail("unsupported type of key", undefined, entry.keyNode);
  const value = entry.value(frame);
  if (value === FAULT) return FAULT;
  const present = entry.optional ? (value as CelOptional).value : (value as CelValue);
  if (present === undefined || map.add(lookup, key as CelMapKey, present)) return map;
  return frame.fail("repeated key", key, entry.keyNode);
}

/** The value of a node made of literals alone; undefined for every other, and for what would fault. */
export function constantOf(node: Node): CelValue | undefined {
  switch (node.kind) {
    case "literal":
      return node.type === "uint" ? new CelUint(node.value as bigint) : node.value;
    case "list":
      return constantList(node);
    case "map":
      return constantMap(node);
    default:
      return undefined;
  }
}

function constantList(node: ListNode): CelValue | undefined {
  const list: CelValue[] = [];
  for (const { value, optional } of node.elements) {
    const constant = optional ? undefined : constantOf(value);
    if (constant === undefined) return undefined;
    list.push(constant);
  }
  return list;
}

function constantMap(node: MapNode): CelValue | undefined {
  const map = new CelMap();
  for (const { key, value, optional } of node.entries) {
    const constantKey = optional ? undefined : constantOf(key);
    const constant = constantOf(value);
    const lookup = typeof constantKey === "number" ? undefined : keyOf(constantKey);
    if (lookup === undefined || constant === undefined) return undefined;
    if (!map.add(lookup, constantKey as CelMapKey, constant)) return undefined;
  }
  return map;
}
