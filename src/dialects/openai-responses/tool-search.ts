import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject, objectFrom, objectIn, objectsOf, textIn } from "../../canonical/json.ts";
import type { FunctionTool, Item, ToolCallItem } from "../../canonical/request.ts";
import { ownFields } from "./own-fields.ts";
import { DIALECT, WHOLE } from "./wire.ts";

/**
 * A search for tools that the caller runs itself (SDK type `ToolSearchTool` with `execution: client`; Codex CLI has the tools
 * of MCP servers behind one). Other dialects know it as a function, its outcome as the list of what was found; what was found
 * is among the tools from then on.
 */
export const SEARCH_TOOL = "tool_search";
export const SEARCH_CALL = "tool_search_call";
const SEARCH_OUTPUT = "tool_search_output";

/** The search as a function; undefined for another tool, and for a search that the vendor runs. */
export function searchFunction(wire: JsonObject): FunctionTool | undefined {
  if (wire.type !== SEARCH_TOOL || wire.execution !== "client") return undefined;
  return {
    type: "function",
    name: SEARCH_TOOL,
    ...(typeof wire.description === "string" && { description: wire.description }),
    ...(isJsonObject(wire.parameters) && { parameters: wire.parameters }),
    extensions: { [DIALECT]: { [WHOLE]: wire } },
  };
}

/** The caller's search, or its outcome, among the items of a conversation; undefined for other items. */
export function decodeSearch(wire: JsonObject): Item | undefined {
  const { call_id: callId } = wire;
  if (typeof callId !== "string") return undefined;
  const extensions = { [DIALECT]: { [WHOLE]: wire } };
  const kind = "function";
  if (wire.type === SEARCH_CALL) {
    const text = JSON.stringify(wire.arguments ?? {});
    return { type: "tool_call", callId, name: SEARCH_TOOL, kind, arguments: text, extensions };
  }
  if (wire.type !== SEARCH_OUTPUT) return undefined;
  const text = JSON.stringify(wire.tools ?? []);
  return { type: "tool_result", callId, kind, content: [{ type: "text", text }], extensions };
}

/** The tools that a search has found, as they stand in its outcome; what has no name is none that could be called. */
export function foundTools(item: Item): JsonObject[] {
  const wire = item.type === "tool_result" ? objectIn(ownFields(item)[WHOLE]) : undefined;
  if (wire?.type !== SEARCH_OUTPUT) return [];
  return objectsOf(wire.tools).filter(({ type, name }) => typeof type === "string" && textIn(name) !== undefined);
}

/** True for a call that the client knows as a search. */
export function isSearch(call: ToolCallItem): boolean {
  return ownFields(call).type === SEARCH_CALL;
}

/** Encodes a search that another dialect's provider asks for: its arguments are an object (SDK type `ResponseToolSearchCall`). */
export function encodeSearch(call: ToolCallItem, id: string, status: string): JsonObject {
  const asked = objectFrom(call.arguments) ?? {};
  return { id, type: SEARCH_CALL, status, call_id: call.callId, execution: "client", arguments: asked };
}
