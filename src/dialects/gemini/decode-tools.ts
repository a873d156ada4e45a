import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { decodeSchema } from "./decode-schema.ts";
import { camelFields, readEnum, readList, readObject, readString, restOf } from "./read.ts";
import { CALLING_CONFIG_FIELDS, DECLARATION_FIELDS, TOOL_CONFIG_FIELDS, TOOL_FIELDS } from "./wire.ts";

/** The built-in tools that search the web; others stay opaque. */
const SEARCH_TOOLS = new Set(["googleSearch", "googleSearchRetrieval", "enterpriseWebSearch"]);
const DECLARATION_TAKEN = new Set(["name", "description", "parametersJsonSchema"]);

/** `FunctionCallingConfig.Mode` by its numbers, as far as Gemini API and Vertex AI number them alike. */
const MODES = ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE"];

export interface DecodedTools {
  tools: Tool[];
  /** For each tool the wire Tool that held it; absent when the encoder's default grouping gives the same. */
  groups?: number[];
}

/** Decodes `tools`: a wire Tool may hold several function declarations and built-in tools at once. */
export function decodeTools(wire: Json | undefined): DecodedTools {
  const tools: Tool[] = [];
  const groups: number[] = [];
  for (const [index, entry] of entriesOf(wire).entries()) {
    if (!isJsonObject(entry)) continue;
    decodeTool(camelFields(entry, TOOL_FIELDS), tools);
    while (groups.length < tools.length) groups.push(index);
  }
  return sameGroups(groups, defaultGroups(tools)) ? { tools } : { tools, groups };
}

/** A list; one entry in its place is a shorthand that the REST API has long taken. */
function entriesOf(wire: Json | undefined): Json[] {
  if (Array.isArray(wire)) return wire;
  return isJsonObject(wire) ? [wire] : [];
}

/** The default grouping: all functions in one Tool where the first stood, every other tool in a Tool of its own. */
export function defaultGroups(tools: readonly Tool[]): number[] {
  let next = 0;
  let functions: number | undefined;
  return tools.map((tool) => {
    if (tool.type !== "function" && tool.type !== "custom") return next++;
    functions ??= next++;
    return functions;
  });
}

function sameGroups(left: readonly number[], right: readonly number[]): boolean {
  return left.every((group, index) => group === right[index]);
}

function decodeTool(wire: JsonObject, tools: Tool[]): void {
  for (const key of Object.keys(wire)) {
    const value = wire[key];
    if (key === "functionDeclarations") {
      for (const entry of entriesOf(value)) if (isJsonObject(entry)) tools.push(decodeDeclaration(entry));
    } else if (SEARCH_TOOLS.has(key)) tools.push({ type: "web_search", dialect: "gemini", raw: { [key]: value } });
    else if (key !== "__proto__") tools.push({ type: "opaque", dialect: "gemini", value: { [key]: value } });
  }
}

/** Keeps in `extensions.gemini` what JSON Schema cannot say: the OpenAPI form of `parameters`, `response`, `behavior`. */
function decodeDeclaration(entry: JsonObject): FunctionTool {
  const wire = camelFields(entry, DECLARATION_FIELDS);
  const tool: FunctionTool = { type: "function", name: readString(wire, "name") ?? "" };
  const description = readString(wire, "description");
  if (description !== undefined) tool.description = description;
  const openApi = readObject(wire, "parameters");
  const schema =
    readObject(wire, "parametersJsonSchema") ?? (openApi === undefined ? undefined : decodeSchema(openApi));
  if (schema !== undefined) tool.parameters = schema;
  tool.extensions = { gemini: restOf(wire, DECLARATION_TAKEN) ?? {} };
  return tool;
}

export interface DecodedToolConfig {
  choice?: ToolChoice;
  /** What `choice` does not say, to be laid over the encoded config. */
  rest?: JsonObject;
}

/**
 * Decodes `toolConfig`. `VALIDATED` with names is the choice among them or none
 * (`FunctionCallingConfigMode` in the typings); without names it is `auto` that also checks arguments.
 */
export function decodeToolConfig(wire: JsonObject | undefined): DecodedToolConfig {
  if (wire === undefined) return {};
  const config = camelFields(wire, TOOL_CONFIG_FIELDS);
  const calling = readObject(config, "functionCallingConfig");
  const rest: JsonObject = restOf(config, new Set(["functionCallingConfig"])) ?? {};
  if (calling === undefined) return { rest };
  const inner = camelFields(calling, CALLING_CONFIG_FIELDS);
  const choice = decodeChoice(inner);
  const kept = restOf(inner, choice === undefined ? new Set() : takenBy(inner, choice));
  if (kept !== undefined || choice === undefined) rest.functionCallingConfig = kept ?? {};
  const decoded: DecodedToolConfig = {};
  if (choice !== undefined) decoded.choice = choice;
  if (Object.keys(rest).length > 0) decoded.rest = rest;
  return decoded;
}

function decodeChoice(config: JsonObject): ToolChoice | undefined {
  const names = readList(config, "allowedFunctionNames")?.filter((name) => typeof name === "string") ?? [];
  const only = names[0];
  switch (readEnum(config, "mode", MODES)) {
    case "AUTO":
      return { type: "auto" };
    case "NONE":
      return { type: "none" };
    case "ANY":
      if (only === undefined) return { type: "required" };
      return names.length === 1 ? { type: "tool", name: only } : { type: "allowed", names, mode: "required" };
    case "VALIDATED":
      return only === undefined ? { type: "auto" } : { type: "allowed", names, mode: "auto" };
    default:
      return undefined;
  }
}

/** The fields that the choice alone brings back. */
function takenBy(config: JsonObject, choice: ToolChoice): ReadonlySet<string> {
  if (choice.type === "tool" || choice.type === "allowed") return new Set(["mode", "allowedFunctionNames"]);
  return config.mode === "VALIDATED" ? new Set() : new Set(["mode"]);
}
