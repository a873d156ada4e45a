import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool } from "../../canonical/request.ts";
import { adaptSchema } from "./adapt-schema.ts";
import { CUSTOM_ARGUMENT } from "./custom-tool.ts";
import { defaultGroups } from "./decode-tools.ts";
import { noteCache, type RequestContext } from "./encode-context.ts";
import { isGemini3 } from "./model-traits.ts";

/** Fields of other vendors' web search tools that only name the tool. */
const PLAIN_SEARCH_FIELDS = new Set(["type", "name", "cache_control"]);

/** Encodes the tools, grouped as they came or functions together; undefined when none is left. */
export function encodeTools(request: ChatRequest, context: RequestContext): JsonObject[] | undefined {
  const groups = toolGroups(request);
  const wire: JsonObject[] = [];
  const byGroup = new Map<number | undefined, JsonObject>();
  for (const [index, tool] of request.tools.entries()) {
    const encoded = encodeTool(tool, index, request, context);
    if (encoded === undefined) continue;
    const known = byGroup.get(groups[index]);
    if (known !== undefined) addTo(known, encoded);
    else {
      const group = ownCopy(encoded);
      wire.push(group);
      byGroup.set(groups[index], group);
    }
  }
  return wire.length === 0 ? undefined : wire;
}

/** The grouping of our own wire, as long as the tools are still those that it was noted for. */
function toolGroups(request: ChatRequest): readonly number[] {
  const kept = request.extensions.gemini?.toolGroups;
  if (!Array.isArray(kept) || kept.length !== request.tools.length) return defaultGroups(request.tools);
  return kept.map(Number);
}

function addTo(known: JsonObject, encoded: JsonObject): void {
  const { functionDeclarations: more, ...others } = encoded;
  Object.assign(known, others);
  if (!Array.isArray(more)) return;
  if (Array.isArray(known.functionDeclarations)) for (const each of more) known.functionDeclarations.push(each);
  else known.functionDeclarations = [...more];
}

/** A group grows: the request's own tools must stay as they are for the next attempt. */
function ownCopy(encoded: JsonObject): JsonObject {
  const { functionDeclarations: list } = encoded;
  return Array.isArray(list) ? { ...encoded, functionDeclarations: [...list] } : { ...encoded };
}

function encodeTool(tool: Tool, index: number, request: ChatRequest, context: RequestContext): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return { functionDeclarations: [encodeFunction(tool, index, context)] };
    case "custom":
      return { functionDeclarations: [encodeCustom(tool, index, context)] };
    case "web_search":
      return encodeSearch(tool, index, request, context);
    default:
      if (tool.dialect === "gemini") return tool.value;
      context.warn("unsupported_tool", `tools[${index}]`, `a tool that only ${tool.dialect} knows was left out`);
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, index: number, context: RequestContext): JsonObject {
  const kept = tool.extensions?.gemini;
  const wire: JsonObject = { ...kept, name: tool.name };
  if (tool.description !== undefined) wire.description = tool.description;
  noteCache(tool, context);
  if (kept?.parameters !== undefined || tool.parameters === undefined) return wire;
  const field = `tools[${index}].parameters`;
  wire.parametersJsonSchema = kept === undefined ? encodeParameters(tool.parameters, field, context) : tool.parameters;
  return wire;
}

/** Arguments must be an object (`FunctionDeclaration.parametersJsonSchema` in the typings). */
function encodeParameters(schema: JsonObject, field: string, context: RequestContext): JsonObject {
  const adapted = adaptSchema(schema, (message) => context.warn("changed_field", field, message));
  return adapted.type === undefined && adapted.$ref === undefined ? { type: "object", ...adapted } : adapted;
}

function encodeCustom(tool: CustomTool, index: number, context: RequestContext): JsonObject {
  context.warn("changed_field", `tools[${index}]`, "a free-text tool was sent as a function with one text argument");
  if (tool.format !== undefined && tool.format.type !== "text") {
    context.warn("unsupported_field", `tools[${index}].format`, "Gemini does not enforce a grammar");
  }
  const wire: JsonObject = { name: tool.name };
  if (tool.description !== undefined) wire.description = tool.description;
  wire.parametersJsonSchema = {
    type: "object",
    properties: { [CUSTOM_ARGUMENT]: { type: "string", description: "The tool's whole input, as plain text." } },
    required: [CUSTOM_ARGUMENT],
  };
  return wire;
}

type SearchTool = Extract<Tool, { type: "web_search" }>;

/** Before Gemini 3 a request has either functions or Google Search (https://ai.google.dev/gemini-api/docs/tool-combination). */
function encodeSearch(
  tool: SearchTool,
  index: number,
  request: ChatRequest,
  context: RequestContext,
): JsonObject | undefined {
  if (tool.dialect === "gemini") return tool.raw;
  if (hasFunctions(request) && !isGemini3(context.traits)) {
    context.warn(
      "unsupported_tool",
      `tools[${index}]`,
      "this model cannot search the web and call functions in one request",
    );
    return undefined;
  }
  const lost = Object.keys(tool.raw).filter((key) => !PLAIN_SEARCH_FIELDS.has(key));
  if (lost.length > 0) {
    context.warn("changed_field", `tools[${index}]`, `Google Search does not take ${lost.join(", ")}`);
  }
  return { googleSearch: {} };
}

/** True when the request has any tool that goes out. */
export function hasTools(request: ChatRequest): boolean {
  return request.tools.some((tool) => tool.type !== "opaque" || tool.dialect === "gemini");
}

/** True when the request has tools that the client runs itself. */
export function hasFunctions(request: ChatRequest): boolean {
  return request.tools.some((tool) => tool.type === "function" || tool.type === "custom");
}
