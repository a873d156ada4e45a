import { fitParameters } from "../../canonical/gpt/fit-parameters.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type {
  ChatRequest,
  CustomTool,
  FunctionTool,
  Tool,
  ToolChoice,
  WebSearchTool,
} from "../../canonical/request.ts";
import { encodeCacheMarker } from "./cache-marker.ts";
import { dropMarker } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { addCallFields } from "./encode-tool-calls.ts";
import type { RequestShape } from "./shape.ts";
import { fieldsOf, shapeOf } from "./shape.ts";
import { CHAT, addFields, objectOf, textOf } from "./wire.ts";

/** Writes `tools`, `functions` and `web_search_options`. */
export function encodeTools(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  const tools = usableTools(request, context);
  const encoded: JsonObject[] = [];
  const functions: JsonObject[] = [];
  for (const tool of tools) {
    if (tool.type === "function" && shapeOf(tool)?.legacy === true) functions.push(encodeFunction(tool, true, context));
    else if (tool.type === "function") encoded.push(encodeFunctionTool(tool, context));
    else if (tool.type === "custom") encoded.push(encodeCustomTool(tool, context));
    else if (tool.type === "web_search") encodeWebSearch(tool, request, encoded, body, context);
    else if (tool.dialect === CHAT) encoded.push(tool.value);
    else dropTool(textOf(tool.value["type"]) ?? "tool", tool.dialect, context);
  }
  if (encoded.length > 0) body["tools"] = encoded;
  if (functions.length > 0) body["functions"] = functions;
}

/** Hosts without a choice among several tools (the same that have none of free text) are sent only those that it allows. */
function usableTools({ tools, toolChoice }: ChatRequest, context: EncodeContext): readonly Tool[] {
  if (toolChoice?.type !== "allowed" || !isNarrowed(context)) return tools;
  const names = new Set(toolChoice.names);
  const left = tools.filter((tool) => "name" in tool && names.has(tool.name));
  if (left.length < tools.length)
    warn(
      context,
      "changed_field",
      "tool_choice",
      "only the tools that it allows were sent: the host has no such choice",
    );
  return left;
}

function isNarrowed({ own, noCustomTools }: EncodeContext): boolean {
  return !own && noCustomTools === true;
}

function dropTool(type: string, dialect: string, context: EncodeContext): void {
  warn(context, "unsupported_tool", `tools.${type}`, `${type} runs at providers of ${dialect} only`);
}

/** OpenAI lets a function without arguments go without a schema, Mistral and others require one (https://docs.mistral.ai/api). */
const NO_PARAMETERS = { type: "object", properties: {} };

function encodeFunction(tool: FunctionTool, withExtras: boolean, context: EncodeContext): JsonObject {
  const body: JsonObject = { name: tool.name };
  if (tool.description !== undefined) body["description"] = tool.description;
  const parameters = tool.parameters ?? (context.own || context.gpt !== undefined ? undefined : NO_PARAMETERS);
  if (parameters !== undefined) body["parameters"] = fitParameters(parameters, context);
  if (tool.strict !== undefined) body["strict"] = tool.strict;
  if (withExtras) addFields(body, objectOf(fieldsOf(tool)?.["function"]));
  return body;
}

function encodeFunctionTool(tool: FunctionTool, context: EncodeContext): JsonObject {
  const made: JsonObject = { type: "function", function: encodeFunction(tool, false, context) };
  if (tool.cache !== undefined) {
    if (context.own) made["cache_control"] = encodeCacheMarker(tool.cache);
    else dropMarker(context);
  }
  addCallFields(made, fieldsOf(tool));
  return made;
}

function encodeCustomTool(tool: CustomTool, context: EncodeContext): JsonObject {
  if (context.noCustomTools === true) return encodeAsFunction(tool, context);
  const body: JsonObject = { name: tool.name };
  if (tool.description !== undefined) body["description"] = tool.description;
  if (tool.format !== undefined) body["format"] = encodeFormat(tool.format);
  const made: JsonObject = { type: "custom", custom: body };
  addCallFields(made, fieldsOf(tool));
  return made;
}

function encodeAsFunction({ name, description }: CustomTool, context: EncodeContext): JsonObject {
  warn(context, "changed_field", "tools", "tools that take free text were sent as tools with a text argument");
  const input = { type: "string", description: "The tool's whole input, as plain text." };
  const parameters = { type: "object", properties: { input }, required: ["input"] };
  return { type: "function", function: { name, ...(description !== undefined && { description }), parameters } };
}

/** Responses has a grammar's fields beside `type`, chat completions below `grammar`. */
function encodeFormat(format: JsonObject): JsonObject {
  if (format["type"] !== "grammar" || format["grammar"] !== undefined) return format;
  const { type, ...grammar } = format;
  return { type, grammar };
}

/**
 * A search tool of this dialect as it came, another's as `web_search_options`, the only form that OpenAI has here, and only on
 * its search models: https://platform.openai.com/docs/guides/tools-web-search. Others refuse the request, so a search that
 * comes along with functions, as coding agents send it, is left out there.
 */
function encodeWebSearch(
  tool: WebSearchTool,
  { tools, model }: ChatRequest,
  encoded: JsonObject[],
  body: JsonObject,
  context: EncodeContext,
): void {
  if (tool.dialect !== CHAT) {
    const isOneOfMany = tools.some(({ type }) => type === "function" || type === "custom");
    if (isOneOfMany && !model.includes("search")) {
      warn(context, "unsupported_tool", "tools.web_search", "only search models of chat completions search the web");
    } else body["web_search_options"] = searchOptions(tool.raw, context);
  } else if (typeof tool.raw["type"] === "string") encoded.push(tool.raw);
  else body["web_search_options"] = tool.raw;
}

const SEARCH_FIELDS = new Set(["type", "name", "search_context_size", "user_location"]);

function searchOptions(raw: JsonObject, context: EncodeContext): JsonObject {
  const options: JsonObject = {};
  const size = textOf(raw["search_context_size"]);
  if (size !== undefined) options["search_context_size"] = size;
  const location = objectOf(raw["user_location"]);
  if (location !== undefined) {
    const { type: _type, ...approximate } = location;
    options["user_location"] = { type: "approximate", approximate };
  }
  for (const key in raw) {
    if (SEARCH_FIELDS.has(key) || typeof raw["type"] !== "string") continue;
    warn(context, "unsupported_field", `tools.web_search.${key}`, `web_search_options have no ${key}`);
  }
  return options;
}

/** Writes `tool_choice` or `function_call`, and `parallel_tool_calls`: OpenAI refuses them without tools. */
export function encodeToolChoice(
  request: ChatRequest,
  shape: RequestShape | undefined,
  body: JsonObject,
  context: EncodeContext,
): void {
  const hasTools = body["tools"] !== undefined || body["functions"] !== undefined;
  if (request.parallelToolCalls !== undefined && (hasTools || context.own)) {
    body["parallel_tool_calls"] = request.parallelToolCalls;
  }
  const { toolChoice } = request;
  if (toolChoice === undefined || (!hasTools && !context.own)) return;
  const legacy = shape?.spelling["function_call"] !== undefined;
  const value =
    asSent(toolChoice, shape) ??
    (legacy ? encodeFunctionChoice(toolChoice) : encodeChoice(toolChoice, request, context));
  if (value !== undefined) body[legacy ? "function_call" : "tool_choice"] = value;
}

/** The client's own value, as long as nobody changed what it says. */
function asSent(choice: ToolChoice, shape: RequestShape | undefined): Json | undefined {
  if (shape?.toolChoice === undefined || !isSame(choice, shape.toolChoice)) return undefined;
  return shape.spelling["tool_choice"] ?? shape.spelling["function_call"];
}

/** True when both hold the same values, lists and objects by identity. */
export function isSame(one: object, other: object): boolean {
  const left: Record<string, unknown> = { ...one };
  const right: Record<string, unknown> = { ...other };
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}

function encodeFunctionChoice(choice: ToolChoice): Json | undefined {
  return choice.type === "tool" ? { name: choice.name } : choice.type;
}

function encodeChoice(choice: ToolChoice, request: ChatRequest, context: EncodeContext): Json | undefined {
  switch (choice.type) {
    case "auto":
    case "none":
    case "required":
      return choice.type;
    case "tool":
      return encodeNamed(choice.name, kindOf(choice, request, context));
    case "allowed":
      if (isNarrowed(context)) return choice.mode;
      return {
        type: "allowed_tools",
        allowed_tools: { mode: choice.mode, tools: encodeAllowed(choice.names, request, context) },
      };
    case "opaque":
      return choice.dialect === CHAT ? choice.value : dropChoice(choice.dialect, context);
    default:
      return undefined;
  }
}

function dropChoice(dialect: string, context: EncodeContext): undefined {
  warn(context, "unsupported_field", "tool_choice", `chat completions cannot choose this tool of ${dialect}`);
}

type NamedChoice = Extract<ToolChoice, { type: "tool" }>;

function kindOf({ kind, name }: NamedChoice, request: ChatRequest, context: EncodeContext): "function" | "custom" {
  if (context.noCustomTools === true) return "function";
  return kind ?? (customNames(request).has(name) ? "custom" : "function");
}

function encodeAllowed(names: readonly string[], request: ChatRequest, context: EncodeContext): JsonObject[] {
  const custom = context.noCustomTools === true ? NONE : customNames(request);
  return names.map((name) => encodeNamed(name, custom.has(name) ? "custom" : "function"));
}

const NONE: ReadonlySet<string> = new Set();

function customNames({ tools }: ChatRequest): ReadonlySet<string> {
  return new Set(tools.flatMap((tool) => (tool.type === "custom" ? [tool.name] : [])));
}

function encodeNamed(name: string, kind: "function" | "custom"): JsonObject {
  return { type: kind, [kind]: { name } };
}
