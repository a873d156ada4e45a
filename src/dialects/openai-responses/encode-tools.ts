import { fitParameters } from "../../canonical/gpt/fit-parameters.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { CustomTool, FunctionTool, OpaqueTool, Tool, ToolChoice, WebSearchTool } from "../../canonical/request.ts";
import { cameIn } from "./namespaces.ts";
import { ownFields } from "./own-fields.ts";
import { warn } from "./request-encoding.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { DIALECT, FOUND } from "./wire.ts";

/** Encodes the tools of a request; one that only another dialect knows is left out with a warning. */
export function encodeTools(encoding: RequestEncoding): JsonObject[] {
  const tools: JsonObject[] = [];
  const namespaces = new Set<JsonObject>();
  encoding.request.tools.forEach((tool, index) => {
    if (encoding.own && isFound(tool)) return;
    const namespace = encoding.own ? cameIn(tool) : undefined;
    if (namespace !== undefined) {
      if (!namespaces.has(namespace)) tools.push(namespace);
      namespaces.add(namespace);
      return;
    }
    const wire = encodeTool(tool, `tools[${index}]`, encoding);
    if (wire !== undefined) tools.push(wire);
  });
  return tools;
}

function isFound(tool: Tool): boolean {
  return (tool.type === "function" || tool.type === "custom") && ownFields(tool)[FOUND] === true;
}

function encodeTool(tool: Tool, at: string, encoding: RequestEncoding): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, encoding);
    case "custom":
      return encodeCustom(tool, encoding);
    case "web_search":
      return tool.dialect === DIALECT ? tool.raw : encodeWebSearch(tool, at, encoding);
    default:
      return encodeOpaque(tool, at, encoding);
  }
}

/** A missing `strict` means true here and false in every other dialect, so it is always stated for those. */
function encodeFunction(tool: FunctionTool, encoding: RequestEncoding): JsonObject {
  const { name, description, parameters, strict } = tool;
  if (tool.cache !== undefined) {
    warn(encoding, "unsupported_field", "cache_control", "prompt prefixes are cached without markers");
  }
  return {
    type: "function",
    name,
    ...(!encoding.own && { parameters: { type: "object", properties: {} }, strict: false }),
    ...ownFields(tool),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters: fitParameters(parameters, encoding) }),
    ...(strict !== undefined && { strict }),
  };
}

function encodeCustom(tool: CustomTool, encoding: RequestEncoding): JsonObject {
  const { name, description, format } = tool;
  return {
    type: "custom",
    name,
    ...ownFields(tool),
    ...(description !== undefined && { description }),
    ...(format !== undefined && { format: encoding.own ? format : encodeFormat(format) }),
  };
}

/** Chat completions nest a grammar in `grammar`, where this API has its fields beside the type (SDK type `CustomToolInputFormat`). */
function encodeFormat(format: JsonObject): JsonObject {
  return isJsonObject(format.grammar) ? { type: "grammar", ...format.grammar } : format;
}

function encodeOpaque(tool: OpaqueTool, at: string, encoding: RequestEncoding): JsonObject | undefined {
  if (tool.dialect === DIALECT) return tool.value;
  warn(encoding, "unsupported_tool", at, `a tool of ${tool.dialect} was left out`);
  return undefined;
}

/** Options of other makers' web searches that have no counterpart, worth telling the caller of. */
const SEARCH_LIMITS = ["blocked_domains", "max_uses", "timeRangeFilter"];

/**
 * The web search of another dialect: allowed domains, the user's place and the context size go along (Anthropic
 * `web_search_…`, OpenAI chat `web_search_options`).
 */
function encodeWebSearch(tool: WebSearchTool, at: string, encoding: RequestEncoding): JsonObject {
  const { raw } = tool;
  const wire: JsonObject = { type: "web_search" };
  if (Array.isArray(raw.allowed_domains)) wire.filters = { allowed_domains: raw.allowed_domains };
  if (isJsonObject(raw.user_location)) wire.user_location = userLocation(raw.user_location);
  if (typeof raw.search_context_size === "string") wire.search_context_size = raw.search_context_size;
  for (const option of SEARCH_LIMITS) {
    if (raw[option] === undefined || raw[option] === null) continue;
    warn(encoding, "unsupported_field", `${at}.${option}`, "the web search has no such option");
  }
  return wire;
}

/** OpenAI chat nests the place in `approximate`. */
function userLocation(location: JsonObject): JsonObject {
  return isJsonObject(location.approximate) ? { type: "approximate", ...location.approximate } : location;
}

/** Encodes the tool choice; undefined, with a warning, for one that only another dialect knows. */
export function encodeToolChoice(choice: ToolChoice, encoding: RequestEncoding): Json | undefined {
  switch (choice.type) {
    case "auto":
    case "none":
    case "required":
      return choice.type;
    case "tool":
      return {
        type: choice.kind ?? (customNames(encoding.request.tools).has(choice.name) ? "custom" : "function"),
        name: choice.name,
      };
    case "allowed":
      return encodeAllowed(choice, encoding.request.tools);
    default:
      return encodeOpaqueChoice(choice, encoding);
  }
}

function encodeOpaqueChoice(
  choice: Extract<ToolChoice, { type: "opaque" }>,
  encoding: RequestEncoding,
): Json | undefined {
  if (choice.dialect === DIALECT) return choice.value;
  warn(encoding, "unsupported_field", "tool_choice", `a tool choice of ${choice.dialect} was left out`);
  return undefined;
}

function encodeAllowed(choice: Extract<ToolChoice, { type: "allowed" }>, tools: readonly Tool[]): JsonObject {
  const custom = customNames(tools);
  return {
    type: "allowed_tools",
    mode: choice.mode,
    tools: choice.names.map((name) => ({ type: custom.has(name) ? "custom" : "function", name })),
  };
}

function customNames(tools: readonly Tool[]): ReadonlySet<string> {
  return new Set(tools.flatMap((tool) => (tool.type === "custom" ? [tool.name] : [])));
}
