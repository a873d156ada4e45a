import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { CustomTool, FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { flattened } from "./namespaces.ts";
import { fieldsBeyond, keepFields } from "./own-fields.ts";
import { searchFunction } from "./tool-search.ts";
import { DIALECT, isEmpty, listOf } from "./wire.ts";

/** `web_search`, `web_search_2025_08_26`, `web_search_preview`, `web_search_preview_2025_03_11`. */
function isWebSearch(type: string): boolean {
  return type === "web_search" || type.startsWith("web_search_");
}

/** Decodes the tools of a request. Throws `invalid_request` for a tool without a type, or a function without a name. */
export function decodeTools(tools: Json): Tool[] {
  if (!Array.isArray(tools)) throw new GatewayError("invalid_request", "'tools' must be a list", { param: "tools" });
  return tools.flatMap((tool, index) => decodeTool(tool, `tools[${index}]`));
}

function decodeTool(wire: Json, at: string): Tool | Tool[] {
  if (!isJsonObject(wire)) throw new GatewayError("invalid_request", `'${at}' must be an object`, { param: at });
  const { type } = wire;
  if (typeof type !== "string") {
    throw new GatewayError("invalid_request", `'${at}.type' must be a string`, { param: `${at}.type` });
  }
  if (type === "function") return decodeFunction(wire, at);
  if (type === "custom") return decodeCustom(wire, at);
  if (isWebSearch(type)) return { type: "web_search", dialect: DIALECT, raw: wire };
  const known = searchFunction(wire) ?? flattened(wire, (tool) => decodeInner(tool, at));
  return known ?? { type: "opaque", dialect: DIALECT, value: wire };
}

function decodeInner(wire: JsonObject, at: string): FunctionTool | CustomTool | undefined {
  if (wire.type === "function") return decodeFunction(wire, at);
  return wire.type === "custom" ? decodeCustom(wire, at) : undefined;
}

function toolName(wire: JsonObject, at: string): string {
  if (typeof wire.name === "string" && wire.name !== "") return wire.name;
  throw new GatewayError("invalid_request", `'${at}.name' must be a string`, { param: `${at}.name` });
}

function decodeFunction(wire: JsonObject, at: string): FunctionTool {
  const tool: FunctionTool = { type: "function", name: toolName(wire, at) };
  const taken = new Set(["type", "name"]);
  takeDescription(wire, tool, taken);
  if (isJsonObject(wire.parameters)) {
    tool.parameters = wire.parameters;
    taken.add("parameters");
  }
  if (typeof wire.strict === "boolean") {
    tool.strict = wire.strict;
    taken.add("strict");
  }
  keepFields(tool, fieldsBeyond(wire, taken));
  return tool;
}

function decodeCustom(wire: JsonObject, at: string): CustomTool {
  const tool: CustomTool = { type: "custom", name: toolName(wire, at) };
  const taken = new Set(["type", "name"]);
  takeDescription(wire, tool, taken);
  if (isJsonObject(wire.format)) {
    tool.format = wire.format;
    taken.add("format");
  }
  keepFields(tool, fieldsBeyond(wire, taken));
  return tool;
}

function takeDescription(wire: JsonObject, tool: { description?: string }, taken: Set<string>): void {
  if (typeof wire.description !== "string") return;
  tool.description = wire.description;
  taken.add("description");
}

const WORDS: ReadonlyMap<Json, ToolChoice> = new Map<Json, ToolChoice>([
  ["auto", { type: "auto" }],
  ["none", { type: "none" }],
  ["required", { type: "required" }],
]);

/** Decodes `tool_choice`; forms that name a provider-run tool stay opaque. */
export function decodeToolChoice(wire: Json): ToolChoice {
  const word = WORDS.get(wire);
  if (word !== undefined) return { ...word };
  return named(wire) ?? allowed(wire) ?? { type: "opaque", dialect: DIALECT, value: wire };
}

function named(wire: Json): ToolChoice | undefined {
  if (!isJsonObject(wire)) return undefined;
  const { type, name, ...others } = wire;
  if ((type !== "function" && type !== "custom") || typeof name !== "string" || !isEmpty(others)) return undefined;
  return { type: "tool", name, kind: type };
}

function allowed(wire: Json): ToolChoice | undefined {
  if (!isJsonObject(wire) || wire.type !== "allowed_tools") return undefined;
  const { mode } = wire;
  if (mode !== "auto" && mode !== "required") return undefined;
  const choices = listOf(wire.tools).map(named);
  const names = choices.map((choice) => (choice?.type === "tool" ? choice.name : undefined));
  return names.every((name) => name !== undefined) ? { type: "allowed", names, mode } : undefined;
}
