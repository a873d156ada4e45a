import { adaptSchema } from "../../canonical/claude/adapt-schema.ts";
import { encodeToolSchema } from "../../canonical/encode-tool-schema.ts";
import { objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool } from "../../canonical/request.ts";
import { WEB_SEARCH } from "./decode-tools.ts";
import { warn, withCachePoint, type EncodeContext } from "./encode-context.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, type WireMessage } from "./wire.ts";

/** `toolConfig`; undefined when the model is to have no tools. */
export function encodeToolConfig(
  request: ChatRequest,
  messages: readonly WireMessage[],
  context: EncodeContext,
): JsonObject | undefined {
  if (context.native) return ownConfig(request, context);
  const stated = encodeTools(request, context);
  const tools = stated.length > 0 ? stated : toolsOfCalls(request, messages, context);
  if (tools.length === 0) {
    warnOfChoice(request, context);
    return undefined;
  }
  if (request.toolChoice?.type === "none" && !usesTools(messages)) {
    warn(context, "changed_field", "tool_choice", "no tool may be called: the tools were left out");
    return undefined;
  }
  const choice = encodeChoice(request, context);
  return { tools, ...(choice !== undefined && { toolChoice: choice }) };
}

/** What a caller of this dialect wrote, with or without tools. */
function ownConfig(request: ChatRequest, context: EncodeContext): JsonObject | undefined {
  const rest = request.extensions[DIALECT]?.["toolConfig"];
  const tools = encodeTools(request, context);
  const choice = encodeChoice(request, context);
  if (rest === undefined && tools.length === 0 && choice === undefined) return undefined;
  return {
    ...objectOf(rest),
    ...(tools.length > 0 && { tools }),
    ...(choice !== undefined && { toolChoice: choice }),
  };
}

function warnOfChoice({ toolChoice }: ChatRequest, context: EncodeContext): void {
  if (toolChoice === undefined || toolChoice.type === "none") return;
  warn(context, "unsupported_field", "tool_choice", "a tool choice without tools was left out");
}

function usesTools(messages: readonly WireMessage[]): boolean {
  return messages.some(({ content }) =>
    content.some((block) => block["toolUse"] !== undefined || block["toolResult"] !== undefined),
  );
}

/** The API refuses calls and results in a conversation without tools: those that were called are declared. */
function toolsOfCalls({ items }: ChatRequest, messages: readonly WireMessage[], context: EncodeContext): JsonObject[] {
  if (!usesTools(messages)) return [];
  const names = new Set(items.flatMap((item) => (item.type === "tool_call" ? [item.name] : [])));
  warn(context, "changed_field", "tools", "tools that were called before were declared: the target demands them");
  return [...names].map((name) => specOf({ name, inputSchema: { json: { type: "object", properties: {} } } }));
}

function specOf(toolSpec: JsonObject): JsonObject {
  return { toolSpec };
}

function encodeTools(request: ChatRequest, context: EncodeContext): JsonObject[] {
  const { toolChoice } = request;
  const allowed = toolChoice?.type === "allowed" ? new Set(toolChoice.names) : undefined;
  return request.tools.flatMap((tool) => {
    if (allowed !== undefined && !allowed.has(nameOf(tool))) return [];
    const encoded = encodeTool(tool, context);
    const cache = tool.type === "function" ? tool.cache : undefined;
    return encoded === undefined ? [] : withCachePoint(encoded, cache, context);
  });
}

function nameOf(tool: Tool): string {
  if (tool.type === "function" || tool.type === "custom") return tool.name;
  return tool.type === "web_search" ? "web_search" : "";
}

function encodeTool(tool: Tool, context: EncodeContext): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, context);
    case "custom":
      return encodeCustom(tool, context);
    case "web_search":
      if (tool.dialect === DIALECT) return tool.raw;
      if (context.family.webSearch) return { systemTool: { name: WEB_SEARCH } };
      warn(context, "unsupported_tool", "tools", "the model has no web search: the tool was left out");
      return undefined;
    default:
      if (tool.dialect === DIALECT) return tool.value;
      warn(context, "unsupported_tool", "tools", `a tool that only ${tool.dialect} knows was left out`);
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, context: EncodeContext): JsonObject {
  const own = wireFields(tool.extensions);
  const within = objectOf(own?.["toolSpec"]);
  const description = tool.description === "" && !context.native ? undefined : tool.description;
  return {
    ...own,
    toolSpec: {
      name: tool.name,
      ...(description !== undefined && { description }),
      ...("inputSchema" in within ? undefined : { inputSchema: { json: schemaOf(tool, context) } }),
      ...strictOf(tool, context),
      ...within,
    },
  };
}

function strictOf(tool: FunctionTool, context: EncodeContext): JsonObject | undefined {
  if (tool.strict === undefined || (!tool.strict && !context.native)) return undefined;
  if (context.native || context.family.structured) return { strict: tool.strict };
  warn(context, "unsupported_field", "tools", "the model has no strict tools");
  return undefined;
}

/** A caller of this dialect wrote its schemas for this wire: they stay as they are. */
function schemaOf(tool: FunctionTool, context: EncodeContext): JsonObject {
  if (context.native && tool.parameters !== undefined) return tool.parameters;
  const { schema, changed } = encodeToolSchema(tool.parameters);
  if (changed) warn(context, "changed_field", "tools", "a union at the top of a tool's schema was laid flat");
  if (tool.strict !== true || !context.family.structured) return schema;
  const adapted = adaptSchema(schema);
  if (adapted.changed.length > 0)
    warn(context, "changed_field", "tools", `strict schemas were changed at: ${adapted.changed.join(", ")}`);
  return adapted.schema;
}

/** A tool that takes free text becomes one with a single text argument, `input`. */
function encodeCustom(tool: CustomTool, context: EncodeContext): JsonObject {
  const { definition } = objectOf(tool.format);
  warn(context, "changed_field", "tools", "tools that take free text were sent as tools with a text argument");
  const grammar = typeof definition === "string" && { description: `Must follow this grammar:\n${definition}` };
  const json = { type: "object", properties: { input: { type: "string", ...grammar } }, required: ["input"] };
  const description = tool.description !== undefined && tool.description !== "" && { description: tool.description };
  return specOf({ name: tool.name, ...description, inputSchema: { json } });
}

/** `toolChoice`; models differ in what of it they take. */
function encodeChoice(request: ChatRequest, context: EncodeContext): Json | undefined {
  if (request.parallelToolCalls === false)
    warn(context, "unsupported_field", "parallel_tool_calls", "the target cannot be held to one call at a time");
  const choice = request.toolChoice;
  if (choice === undefined) return undefined;
  if (choice.type === "opaque") {
    if (choice.dialect === DIALECT) return choice.value;
    warn(context, "unsupported_field", "tool_choice", `a tool choice that only ${choice.dialect} knows was left out`);
    return undefined;
  }
  if (choice.type === "none") {
    warn(context, "unsupported_field", "tool_choice", "the target cannot be kept from calling tools");
    return undefined;
  }
  const mode = choice.type === "allowed" ? choice.mode : choice.type;
  if (mode === "auto") return freely(context);
  return forced(choice.type === "tool" ? choice.name : undefined, context);
}

/** The default, which models that know no choice must not be told: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html. */
function freely({ native, family }: EncodeContext): Json | undefined {
  return native || family.forcedTools !== "none" ? { auto: {} } : undefined;
}

function forced(name: string | undefined, context: EncodeContext): Json | undefined {
  const { family, traits, native } = context;
  const canForce = native || (family.forcedTools !== "none" && (family.name !== "claude" || traits.forcedTools));
  if (!canForce) {
    warn(context, "changed_field", "tool_choice", "the model cannot be forced to call a tool: it was left to choose");
    return freely(context);
  }
  if (name === undefined) return { any: {} };
  if (native || family.forcedTools === "named") return { tool: { name } };
  warn(
    context,
    "changed_field",
    "tool_choice",
    "the model cannot be forced to call one tool: it must call any of them",
  );
  return { any: {} };
}

/** True when the choice makes the model call a tool. */
export function isForced(config: JsonObject | undefined): boolean {
  const choice = objectOf(config?.["toolChoice"]);
  return choice["any"] !== undefined || choice["tool"] !== undefined;
}
