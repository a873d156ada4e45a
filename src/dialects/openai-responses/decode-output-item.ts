import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, ToolResultItem } from "../../canonical/request.ts";
import { decodeItem, opaqueItem } from "./decode-item.ts";
import { listOf, stringOf } from "./wire.ts";

/** What may stand in an answer. */
export type AnswerItem = Exclude<Item, ToolResultItem>;

/**
 * Decodes one item of an answer. `response` is the answer as far as it is known, `place` the item's number in it. Only
 * calls that the caller has to run become tool calls; a call without an id gets one made up from its place. What is not
 * the model's own saying (outputs of tools, messages of others) is opaque.
 */
export function decodeOutputItem(wire: JsonObject, response: JsonObject, place: number): AnswerItem {
  if (wire.type === "custom_tool_call" && isProviderRun(wire, response)) return opaqueItem(wire);
  const item = decodeItem(wire);
  if (item.type === "tool_result" || (item.type === "message" && item.role !== "assistant")) return opaqueItem(wire);
  if (item.type === "tool_call" && item.callId === "") item.callId = `call_${stringOf(response.id) ?? ""}_${place}`;
  return item;
}

/** Tools whose calls may have names that `tools` does not show. */
const HOLDERS: ReadonlySet<unknown> = new Set(["namespace", "tool_search", "mcp", "programmatic_tool_calling"]);

/**
 * xAI reports the steps of its own searches as custom tool calls, which the caller must not run: calls of a tool that
 * is not among the tools that the response names.
 */
function isProviderRun(call: JsonObject, response: JsonObject): boolean {
  if (!Array.isArray(response.tools) || typeof call.name !== "string") return false;
  return !listOf(response.tools).some((tool) => {
    if (!isJsonObject(tool)) return false;
    return HOLDERS.has(tool.type) || (tool.type === "custom" && tool.name === call.name);
  });
}
