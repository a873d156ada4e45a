import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { CustomTool, FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { decodeCacheMarker } from "./cache-marker.ts";
import { addShape, extensionsWith } from "./shape.ts";
import { CHAT, fieldsBeside, objectOf, textOf } from "./wire.ts";

const NAMED = new Set(["type", "function", "custom", "cache_control"]);

/** Tool types that stand for a provider-run web search (Z.ai and others `web_search`, OpenRouter `openrouter:web_search`). */
const WEB_SEARCH = new Set(["web_search", "web_search_preview", "openrouter:web_search", "browser_search"]);

/** Decodes `tools`. Throws `invalid_request` for an entry that no provider could accept. */
export function decodeTools(tools: Json[]): Tool[] {
  return tools.map(decodeTool);
}

function decodeTool(tool: Json, index: number): Tool {
  const param = `tools[${index}]`;
  if (!isJsonObject(tool)) throw new GatewayError("invalid_request", `${param} must be an object`, { param });
  // Mistral's SDK leaves the type out, whose default there is "function": https://docs.mistral.ai/api
  const type = tool["type"] ?? (isJsonObject(tool["function"]) ? "function" : undefined);
  if (typeof type !== "string") {
    throw new GatewayError("invalid_request", `${param}.type must be a string`, { param: `${param}.type` });
  }
  if (type === "function")
    return addToolFields(decodeFunction(innerOf(tool, "function", param), `${param}.function`), tool);
  if (type === "custom") return addToolFields(decodeCustom(innerOf(tool, "custom", param), `${param}.custom`), tool);
  if (WEB_SEARCH.has(type)) return { type: "web_search", dialect: CHAT, raw: tool };
  return { type: "opaque", dialect: CHAT, value: tool };
}

function innerOf(tool: JsonObject, field: string, param: string): JsonObject {
  const inner = objectOf(tool[field]);
  if (inner === undefined) {
    throw new GatewayError("invalid_request", `${param}.${field} must be an object`, { param: `${param}.${field}` });
  }
  return inner;
}

function nameOf(inner: JsonObject, param: string): string {
  const name = textOf(inner["name"]);
  if (name === undefined) {
    throw new GatewayError("invalid_request", `${param}.name must be a non-empty string`, { param: `${param}.name` });
  }
  return name;
}

/** Decodes the `function` of a tool, or an entry of `functions`. Fields that hold nothing stay unnamed. */
function decodeFunction(body: JsonObject, param: string): FunctionTool {
  const tool: FunctionTool = { type: "function", name: nameOf(body, param) };
  const { description, parameters, strict } = body;
  const left = new Set(["name"]);
  if (typeof description === "string") {
    tool.description = description;
    left.add("description");
  }
  if (isJsonObject(parameters)) {
    tool.parameters = parameters;
    left.add("parameters");
  }
  if (typeof strict === "boolean") {
    tool.strict = strict;
    left.add("strict");
  }
  const beside = fieldsBeside(body, left);
  if (beside !== undefined) tool.extensions = { [CHAT]: { function: beside } };
  return tool;
}

function decodeCustom(body: JsonObject, param: string): CustomTool {
  const tool: CustomTool = { type: "custom", name: nameOf(body, param) };
  const left = new Set(["name"]);
  if (typeof body["description"] === "string") {
    tool.description = body["description"];
    left.add("description");
  }
  if (isJsonObject(body["format"])) {
    tool.format = body["format"];
    left.add("format");
  }
  const beside = fieldsBeside(body, left);
  if (beside !== undefined) tool.extensions = { [CHAT]: { custom: beside } };
  return tool;
}

function addToolFields(made: FunctionTool | CustomTool, tool: JsonObject): Tool {
  const marker = tool["cache_control"];
  const cache = made.type === "function" ? decodeCacheMarker(marker) : undefined;
  if (cache !== undefined && made.type === "function") made.cache = cache;
  const beside = fieldsBeside(tool, NAMED);
  const kept = marker === undefined || cache !== undefined ? beside : { ...beside, cache_control: marker };
  const extensions = extensionsWith(kept === undefined ? undefined : { ...made.extensions?.[CHAT], ...kept });
  if (extensions !== undefined) made.extensions = extensions;
  return made;
}

/** Decodes the deprecated `functions`. */
export function decodeFunctions(functions: Json[]): Tool[] {
  return functions.map((body, index) => {
    const param = `functions[${index}]`;
    if (!isJsonObject(body)) throw new GatewayError("invalid_request", `${param} must be an object`, { param });
    const tool = decodeFunction(body, param);
    addShape(tool, { legacy: true });
    return tool;
  });
}

const CHOICES: Record<string, ToolChoice> = {
  auto: { type: "auto" },
  none: { type: "none" },
  required: { type: "required" },
  // Mistral's word for it.
  any: { type: "required" },
};

/** Decodes `tool_choice`; what it cannot name goes back as it came. */
export function decodeToolChoice(choice: Json): ToolChoice {
  const opaque: ToolChoice = { type: "opaque", dialect: CHAT, value: choice };
  if (typeof choice === "string") return Object.hasOwn(CHOICES, choice) ? { ...(CHOICES[choice] ?? opaque) } : opaque;
  if (!isJsonObject(choice)) return opaque;
  if (choice["type"] === "allowed_tools") return decodeAllowed(choice) ?? opaque;
  return decodeNamed(choice) ?? opaque;
}

/** `{"type":"function","function":{"name":"…"}}`, or the same with `custom`. */
function decodeNamed(choice: JsonObject): Extract<ToolChoice, { type: "tool" }> | undefined {
  const type = choice["type"];
  if (type !== "function" && type !== "custom") return undefined;
  const name = textOf(objectOf(choice[type])?.["name"]);
  return name === undefined ? undefined : { type: "tool", name, kind: type };
}

function decodeAllowed(choice: JsonObject): ToolChoice | undefined {
  const allowed = objectOf(choice["allowed_tools"]);
  const tools = allowed?.["tools"];
  if (allowed === undefined || !Array.isArray(tools)) return undefined;
  const names: string[] = [];
  for (const tool of tools) {
    const named = isJsonObject(tool) ? decodeNamed(tool) : undefined;
    if (named === undefined) return undefined;
    names.push(named.name);
  }
  return { type: "allowed", names, mode: allowed["mode"] === "required" ? "required" : "auto" };
}

/** Decodes the deprecated `function_call`: `auto`, `none`, or `{"name":"…"}`. */
export function decodeFunctionChoice(choice: Json): ToolChoice {
  const name = textOf(objectOf(choice)?.["name"]);
  return name === undefined ? decodeToolChoice(choice) : { type: "tool", name, kind: "function" };
}
