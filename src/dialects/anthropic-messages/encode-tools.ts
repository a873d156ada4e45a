import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool, WebSearchTool } from "../../canonical/request.ts";
import { adaptSchema } from "../../canonical/claude/adapt-schema.ts";
import { encodeCache } from "./cache-marker.ts";
import type { EncodeContext } from "./encode-context.ts";
import { noteBreakpoint, warn } from "./encode-context.ts";
import { encodeToolSchema } from "../../canonical/encode-tool-schema.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, objectOf } from "./wire.ts";

/** The tools that the model may use; those that only another dialect has are left out with a warning. */
export function encodeTools(request: ChatRequest, context: EncodeContext): JsonObject[] {
  const { toolChoice } = request;
  const allowed = toolChoice?.type === "allowed" ? new Set(toolChoice.names) : undefined;
  const taken = new Set<Json | undefined>();
  return request.tools.flatMap((tool) => {
    if (allowed !== undefined && !allowed.has(nameOf(tool))) return [];
    const encoded = encodeTool(tool, context);
    if (encoded === undefined || repeatsName(encoded, taken, context)) return [];
    return [noteBreakpoint(encoded, context)];
  });
}

/** The API refuses two tools of one name: other APIs do not, and their web search has none. */
function repeatsName({ name }: JsonObject, taken: Set<Json | undefined>, context: EncodeContext): boolean {
  const isRepeat = !context.native && taken.has(name);
  if (isRepeat) warn(context, "unsupported_tool", "tools", "a second tool of the same name was left out");
  taken.add(name);
  return isRepeat;
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
      return encodeWebSearch(tool, context);
    default:
      if (tool.dialect === DIALECT) return { ...tool.value };
      warn(context, "unsupported_tool", "tools", `a tool that only ${tool.dialect} knows was left out`);
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, context: EncodeContext): JsonObject {
  const fields = wireFields(tool.extensions);
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    ...(fields !== undefined && "input_schema" in fields ? undefined : { input_schema: schemaOf(tool, context) }),
    ...strictOf(tool, context),
    ...(tool.cache !== undefined && { cache_control: encodeCache(tool.cache) }),
    ...fields,
  };
}

function strictOf(tool: FunctionTool, context: EncodeContext): JsonObject | undefined {
  if (tool.strict === undefined || (!tool.strict && !context.native)) return undefined;
  if (context.traits.structured) return { strict: tool.strict };
  if (tool.strict) warn(context, "unsupported_field", "tools", "the model has no strict tools");
  return undefined;
}

/** A caller of this dialect wrote its schemas for this wire: they stay as they are. */
function schemaOf(tool: FunctionTool, context: EncodeContext): JsonObject {
  if (context.native && tool.parameters !== undefined) return tool.parameters;
  const { schema, changed } = encodeToolSchema(tool.parameters);
  if (changed) warn(context, "changed_field", "tools", "a union at the top of a tool's schema was laid flat");
  if (tool.strict !== true || !context.traits.structured) return schema;
  const adapted = adaptSchema(schema);
  if (adapted.changed.length > 0) {
    warn(context, "changed_field", "tools", `strict schemas were changed at: ${adapted.changed.join(", ")}`);
  }
  return adapted.schema;
}

/** A tool that takes free text becomes one with a single text argument, `input`. */
function encodeCustom(tool: CustomTool, context: EncodeContext): JsonObject {
  const { definition } = objectOf(tool.format);
  const grammar = typeof definition === "string" ? definition : undefined;
  warn(context, "changed_field", "tools", "tools that take free text were sent as tools with a text argument");
  const input = {
    type: "string",
    ...(grammar !== undefined && { description: `Must follow this grammar:\n${grammar}` }),
  };
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { type: "object", properties: { input }, required: ["input"] },
  };
}

/** Web search as every model has it (vendor SDK: `WebSearchTool20250305`). */
function encodeWebSearch(tool: WebSearchTool, context: EncodeContext): JsonObject {
  if (tool.dialect === DIALECT) return { ...tool.raw };
  const raw = tool.raw;
  const domains = objectOf(raw["filters"])["allowed_domains"] ?? raw["allowed_domains"];
  const location = objectOf(raw["user_location"]);
  const place = isJsonObject(location["approximate"]) ? location["approximate"] : location;
  if (raw["search_context_size"] !== undefined) {
    warn(context, "unsupported_field", "tools", "the context size of web search was left out");
  }
  return {
    type: "web_search_20250305",
    name: "web_search",
    ...(Array.isArray(domains) && domains.length > 0 && { allowed_domains: domains }),
    ...(Object.keys(place).length > 0 && { user_location: { ...place, type: "approximate" } }),
  };
}

/**
 * The tool choice, with the switch for parallel calls that this wire keeps in the same object. `hasTools`: the API takes
 * a choice only beside tools.
 */
export function encodeToolChoice(request: ChatRequest, hasTools: boolean, context: EncodeContext): Json | undefined {
  const choice = choiceOf(request);
  if (choice?.type === "opaque") return opaqueChoice(choice, context);
  if (!hasTools) {
    if (choice !== undefined && choice.type !== "none") {
      warn(context, "unsupported_field", "tool_choice", "a tool choice without tools was left out");
    }
    return undefined;
  }
  const { parallelToolCalls: parallel } = request;
  const disabled = parallel !== undefined && { disable_parallel_tool_use: !parallel };
  if (choice === undefined) return parallel === false ? { type: "auto", ...disabled } : undefined;
  if (choice.type === "none") return { type: "none" };
  if (choice.type !== "auto" && !context.traits.forcedTools) {
    warn(context, "changed_field", "tool_choice", "the model cannot be forced to call a tool: it was left to choose");
    return { type: "auto", ...disabled };
  }
  if (choice.type === "tool") return { type: "tool", name: choice.name, ...disabled };
  return { type: choice.type === "auto" ? "auto" : "any", ...disabled };
}

/** The choice in the words that this wire shares: a subset of tools is expressed by the tools themselves. */
function choiceOf(request: ChatRequest): Exclude<ChatRequest["toolChoice"], { type: "allowed" }> {
  const choice = request.toolChoice;
  return choice?.type === "allowed" ? { type: choice.mode } : choice;
}

function opaqueChoice(
  choice: Extract<NonNullable<ChatRequest["toolChoice"]>, { type: "opaque" }>,
  context: EncodeContext,
): Json | undefined {
  if (choice.dialect === DIALECT) return choice.value;
  warn(context, "unsupported_field", "tool_choice", `a tool choice that only ${choice.dialect} knows was left out`);
  return undefined;
}

/** True when the choice makes the model call a tool. */
export function isForced(choice: Json | undefined): boolean {
  const { type } = objectOf(choice);
  return type === "any" || type === "tool";
}
