import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool } from "../../canonical/request.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, objectOf } from "./wire.ts";

/** `tools`, `strict_tools` and `tool_choice`, as far as they are set. `own`: what a caller of this dialect wrote beside them. */
export function encodeToolFields(request: ChatRequest, own: JsonObject, context: EncodeContext): JsonObject {
  const offered = offeredTools(request, context);
  const tools = offered.map((tool) => encodeTool(tool, context)).filter((tool) => tool !== undefined);
  if (tools.length === 0) return context.native ? { ...choiceOf(request) } : {};
  return { tools, ...strictOf(offered, own, context), ...choiceOf(request) };
}

/** The API can force a call, not a certain one: then only that tool is offered. */
function offeredTools({ tools, toolChoice: choice }: ChatRequest, context: EncodeContext): readonly Tool[] {
  if (choice?.type === "allowed") {
    const names = new Set(choice.names);
    return tools.filter((tool) => names.has(nameOf(tool)));
  }
  if (choice?.type !== "tool") {
    if (choice?.type === "opaque") warn(context, "unsupported_field", "tool_choice", "tool_choice was left out");
    return tools;
  }
  if (tools.length > 1) {
    warn(context, "changed_field", "tool_choice", "only the forced tool was offered: the API can only force any call");
  }
  return tools.filter((tool) => nameOf(tool) === choice.name);
}

function nameOf(tool: Tool): string {
  return tool.type === "function" || tool.type === "custom" ? tool.name : "";
}

const CHOICES = { required: "REQUIRED", none: "NONE", tool: "REQUIRED" } as const;

function choiceOf({ toolChoice: choice }: ChatRequest): JsonObject | undefined {
  if (choice === undefined || choice.type === "auto" || choice.type === "opaque") return undefined;
  if (choice.type === "allowed") return choice.mode === "required" ? { tool_choice: "REQUIRED" } : undefined;
  return { tool_choice: CHOICES[choice.type] };
}

function strictOf(tools: readonly Tool[], own: JsonObject, context: EncodeContext): JsonObject | undefined {
  if (own["strict_tools"] !== undefined) return { strict_tools: own["strict_tools"] };
  const strict = tools.filter((tool) => tool.type === "function" && tool.strict === true);
  if (strict.length === 0) return undefined;
  if (strict.length < tools.length) {
    warn(context, "unsupported_field", "tools", "the API has strict tools only for all of them at once");
    return undefined;
  }
  return { strict_tools: true };
}

function encodeTool(tool: Tool, context: EncodeContext): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, context);
    case "custom":
      return encodeCustom(tool, context);
    case "web_search":
      warn(context, "unsupported_tool", "tools", "the API has no web search");
      return undefined;
    default:
      if (tool.dialect === DIALECT) return tool.value;
      warn(context, "unsupported_tool", "tools", `a tool that only ${tool.dialect} knows was left out`);
      return undefined;
  }
}

/** The API wants a schema in any case (vendor SDK: `ToolV2Function`). */
function encodeFunction(tool: FunctionTool, context: EncodeContext): JsonObject {
  const { name, description, parameters } = tool;
  if (tool.cache !== undefined) {
    warn(context, "unsupported_field", "cache_control", "caching is automatic: markers were left out");
  }
  const schema = parameters ?? (context.native ? undefined : { type: "object", properties: {} });
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { parameters: schema }),
      ...wireFields(tool.extensions),
    },
  };
}

/** A tool that takes free text becomes one with a single text argument, `input`. */
function encodeCustom({ name, description, format }: CustomTool, context: EncodeContext): JsonObject {
  const { definition } = objectOf(format);
  warn(context, "changed_field", "tools", "tools that take free text were sent as tools with a text argument");
  const input = {
    type: "string",
    ...(typeof definition === "string" && { description: `Must follow this grammar:\n${definition}` }),
  };
  const parameters = { type: "object", properties: { input }, required: ["input"] };
  return { type: "function", function: { name, ...(description !== undefined && { description }), parameters } };
}
