import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { decodeCache } from "./cache-marker.ts";
import { refuse } from "./decode-messages.ts";
import { leftover } from "./own-fields.ts";
import { DIALECT, textOf } from "./wire.ts";

/** The tools of a request. Throws `invalid_request` for what is not a list of objects. */
export function decodeTools(tools: Json | undefined): Tool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) refuse("tools", "must be a list");
  return tools.map((tool, index) => {
    if (!isJsonObject(tool)) refuse(`tools[${index}]`, "must be an object");
    return decodeTool(tool);
  });
}

/** Tools without a type, or of type `custom`, are the caller's own; all others are the vendor's (`ToolUnion`). */
function decodeTool(wire: JsonObject): Tool {
  const type = textOf(wire["type"]);
  const own = wire["type"] === undefined || wire["type"] === null || type === "custom";
  if (own && typeof wire["name"] === "string") return decodeFunction(wire, wire["name"]);
  if (type.startsWith("web_search_")) return { type: "web_search", dialect: DIALECT, raw: wire };
  return { type: "opaque", dialect: DIALECT, value: wire };
}

function decodeFunction(wire: JsonObject, name: string): FunctionTool {
  const taken = new Set(["name"]);
  const tool: FunctionTool = { type: "function", name };
  const { description, input_schema: schema, strict } = wire;
  if (typeof description === "string") {
    tool.description = description;
    taken.add("description");
  }
  if (isJsonObject(schema)) {
    tool.parameters = schema;
    taken.add("input_schema");
  }
  if (typeof strict === "boolean") {
    tool.strict = strict;
    taken.add("strict");
  }
  const cache = decodeCache(wire["cache_control"]);
  if (cache !== undefined) {
    tool.cache = cache;
    taken.add("cache_control");
  }
  const extensions = leftover(wire, taken);
  if (extensions !== undefined) tool.extensions = extensions;
  return tool;
}

const CHOICES: Record<string, ToolChoice> = {
  auto: { type: "auto" },
  any: { type: "required" },
  none: { type: "none" },
};

/** Sets the tool choice and whether calls may be parallel, which this wire keeps in the same object. */
export function decodeToolChoice(wire: Json | undefined, request: ChatRequest): void {
  if (wire === undefined || wire === null) return;
  if (!isJsonObject(wire)) refuse("tool_choice", "must be an object");
  const { type, name, disable_parallel_tool_use: disabled, ...others } = wire;
  const choice = namedChoice(type, name);
  const isPlain = Object.keys(others).length === 0 && (disabled === undefined || typeof disabled === "boolean");
  if (choice === undefined || !isPlain) {
    request.toolChoice = { type: "opaque", dialect: DIALECT, value: wire };
    return;
  }
  request.toolChoice = choice;
  if (typeof disabled === "boolean") request.parallelToolCalls = !disabled;
}

function namedChoice(type: Json | undefined, name: Json | undefined): ToolChoice | undefined {
  if (type === "tool" && typeof name === "string") return { type: "tool", name };
  const known = textOf(type);
  return name === undefined && Object.hasOwn(CHOICES, known) ? CHOICES[known] : undefined;
}
