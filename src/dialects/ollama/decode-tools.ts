import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Tool } from "../../canonical/request.ts";
import { fieldsBeside, isEmpty, objectOf, OLLAMA, textOf } from "./wire.ts";

const FUNCTION_FIELDS = new Set(["name", "description", "parameters"]);
const TOOL_FIELDS = new Set(["type", "function"]);

/** Reads `tools`; an entry that is no function stays as it came. False when it is no list. */
export function decodeTools(request: ChatRequest, value: Json): boolean {
  if (!Array.isArray(value)) return false;
  request.tools = value.filter(isJsonObject).map(decodeTool);
  return true;
}

function decodeTool(tool: JsonObject): Tool {
  const body = objectOf(tool["function"]);
  const name = textOf(body?.["name"]);
  if (body === undefined || name === undefined) return { type: "opaque", dialect: OLLAMA, value: tool };
  const description = textOf(body["description"]);
  const parameters = objectOf(body["parameters"]);
  const inner = fieldsBeside(body, FUNCTION_FIELDS);
  const outer = fieldsBeside(tool, TOOL_FIELDS);
  const fields = { ...outer, ...(!isEmpty(inner) && { function: inner }) };
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(!isEmpty(fields) && { extensions: { [OLLAMA]: fields } }),
  };
}
