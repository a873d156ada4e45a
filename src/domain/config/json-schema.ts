import { z } from "zod";
import type { Path } from "./path.ts";
import { configSchema } from "./schema/config.ts";
import { REFERENCE_MARK, SECRET_MARK } from "./schema/scalars.ts";

/** A JSON Schema object, as far as it is looked at here. */
interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  [REFERENCE_MARK]?: boolean;
  [SECRET_MARK]?: boolean;
}

let made: SchemaNode | undefined;

/** The config file's form as JSON Schema (draft 2020-12), for editors and the reference page. */
export function configJsonSchema(): Record<string, unknown> {
  return structuredClone(rootNode()) as Record<string, unknown>;
}

function rootNode(): SchemaNode {
  made ??= z.toJSONSchema(configSchema, { io: "input", target: "draft-2020-12" }) as SchemaNode;
  return made;
}

/** The schemas that may apply at a place. */
function nodesAt(path: Path): SchemaNode[] {
  let nodes = [rootNode()];
  for (const step of path) nodes = nodes.flatMap(branches).flatMap((node) => child(node, step));
  return nodes.flatMap(branches);
}

function branches(node: SchemaNode): SchemaNode[] {
  return node.anyOf === undefined ? [node] : [node, ...node.anyOf.flatMap(branches)];
}

function child(node: SchemaNode, step: string | number): SchemaNode[] {
  if (typeof step === "number") return node.items === undefined ? [] : [node.items];
  const named = node.properties;
  if (named !== undefined && Object.hasOwn(named, step)) return named[step] === undefined ? [] : [named[step]];
  return typeof node.additionalProperties === "object" ? [node.additionalProperties] : [];
}

/** Keys that may stand at a place. */
export function knownKeys(path: Path): string[] {
  return [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** True where `env.NAME` and `vault.NAME/path` are references. */
export function isReferencePlace(path: Path): boolean {
  return nodesAt(path).some((node) => node[REFERENCE_MARK] === true);
}

/** True where a credential stands, or could stand when something else was meant. */
export function mayHoldSecret(path: Path): boolean {
  for (let length = 0; length <= path.length; length += 1) {
    if (nodesAt(path.slice(0, length)).some((node) => node[SECRET_MARK] === true)) return true;
  }
  const nodes = nodesAt(path);
  return nodes.length === 0 || nodes.some(holdsSecret);
}

function holdsSecret(node: SchemaNode): boolean {
  const { additionalProperties } = node;
  const below = [
    ...Object.values(node.properties ?? {}),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(node.items === undefined ? [] : [node.items]),
    ...(node.anyOf ?? []),
  ];
  return node[SECRET_MARK] === true || below.some(holdsSecret);
}
