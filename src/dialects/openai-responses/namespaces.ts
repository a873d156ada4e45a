import { createHash } from "node:crypto";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolCallItem } from "../../canonical/request.ts";
import { ownFields } from "./own-fields.ts";
import { SEARCH_CALL, SEARCH_TOOL } from "./tool-search.ts";
import { DIALECT, WHOLE } from "./wire.ts";

/**
 * Tools in a `namespace` (SDK type `NamespaceTool`; Codex CLI has those of each MCP server in one). Other dialects know no
 * such thing: there each is a tool of its own, named `<namespace>__<name>`, and a call of it gets its two names back here.
 */

/** What a call is of, as this wire names it. */
export interface NamespacedName {
  namespace: string;
  name: string;
}

/** The longest name that every dialect takes. */
const MAX_NAME = 64;
const HASH = 8;

/** The one name of a tool for dialects without namespaces; one that is too long ends with a hash of all of it. */
export function flatName({ namespace, name }: NamespacedName): string {
  const flat = namespace.endsWith("__") ? namespace + name : `${namespace}__${name}`;
  if (flat.length <= MAX_NAME) return flat;
  const hash = createHash("sha256").update(flat).digest("hex").slice(0, HASH);
  return `${flat.slice(0, MAX_NAME - HASH - 1)}_${hash}`;
}

/** The two names in a call; undefined for one of no namespace. */
export function namesOf({ namespace, name }: JsonObject): NamespacedName | undefined {
  if (typeof namespace !== "string" || namespace === "" || typeof name !== "string" || name === "") return undefined;
  return { namespace, name };
}

/** The name that a call has on this wire. */
export function wireName(call: ToolCallItem): string {
  return namesOf(ownFields(call))?.name ?? call.name;
}

/** The tools of a namespace, each by itself; undefined for what is none whose tools all are the caller's. */
export function flattened(
  wire: JsonObject,
  decode: (tool: JsonObject) => FunctionTool | CustomTool | undefined,
): Tool[] | undefined {
  if (wire.type !== "namespace" || !Array.isArray(wire.tools) || wire.tools.length === 0) return undefined;
  const tools: Tool[] = [];
  for (const inner of wire.tools) {
    const names = isJsonObject(inner) ? namesOf({ namespace: wire.name, name: inner.name }) : undefined;
    const tool = isJsonObject(inner) && names !== undefined ? decode(inner) : undefined;
    if (tool === undefined || names === undefined) return undefined;
    const extensions = { [DIALECT]: { ...ownFields(tool), [WHOLE]: wire, name: names.name } };
    tools.push({ ...tool, name: flatName(names), extensions });
  }
  return tools;
}

/** The namespace, or the tool of another type, that a tool came in. */
export function cameIn(tool: Tool): JsonObject | undefined {
  if (tool.type !== "function" && tool.type !== "custom") return undefined;
  const wire = ownFields(tool)[WHOLE];
  return isJsonObject(wire) ? wire : undefined;
}

/** Fields that calls of some tools have beside the usual ones, by the names that other dialects know the tools by. */
export type CallFields = ReadonlyMap<string, JsonObject>;

const NONE: CallFields = new Map();

/** The two names of each tool of the request that stands in a namespace, and the type of a search for tools. */
export function callFields({ tools }: ChatRequest): CallFields {
  let found: Map<string, JsonObject> | undefined;
  for (const tool of tools) {
    const wire = cameIn(tool);
    if (wire === undefined || !("name" in tool)) continue;
    if (wire.type === SEARCH_TOOL) (found ??= new Map()).set(tool.name, { type: SEARCH_CALL });
    const names = namesOf({ namespace: wire.name, name: ownFields(tool).name });
    if (names !== undefined) (found ??= new Map()).set(tool.name, { ...names });
  }
  return found ?? NONE;
}

/**
 * Names the calls of a conversation as their tools are named. One whose namespace is not among the tools stays as it is: the
 * vendor's tool search gives a tool of no namespace its own name for one.
 */
export function flattenCalls(request: ChatRequest): void {
  const tools = callFields(request);
  if (tools.size === 0) return;
  for (const item of request.items) {
    if (item.type !== "tool_call") continue;
    const own = ownFields(item);
    const names = namesOf({ namespace: own.namespace, name: item.name });
    if (names === undefined || !tools.has(flatName(names))) continue;
    item.extensions = { [DIALECT]: { ...own, name: names.name } };
    item.name = flatName(names);
  }
}

/** A call by another dialect's provider as the client knows it; others as they are. */
export function asClientKnows(call: ToolCallItem, calls: CallFields): ToolCallItem {
  const fields = calls.get(call.name);
  if (fields === undefined || namesOf(ownFields(call)) !== undefined) return call;
  return { ...call, extensions: { ...call.extensions, [DIALECT]: { ...ownFields(call), ...fields } } };
}
