import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { FunctionTool, Tool } from "../../canonical/request.ts";
import { leftover } from "./own-fields.ts";
import { refuse } from "./refuse.ts";
import { DIALECT, objectOf } from "./wire.ts";

const FUNCTION_FIELDS = new Set(["name", "description", "parameters"]);

/** The tools of a request (vendor SDK: `ToolV2`): functions; those of kinds that are not known stay as they are. */
export function decodeTools(value: Json): Tool[] {
  if (!Array.isArray(value)) refuse("tools", "must be a list of tools");
  return value.map((tool, at) => {
    if (!isJsonObject(tool)) refuse(`tools[${at}]`, "must be an object");
    return tool["type"] === "function" ? decodeFunction(tool, at) : { type: "opaque", dialect: DIALECT, value: tool };
  });
}

function decodeFunction(wire: JsonObject, at: number): FunctionTool {
  const it = objectOf(wire["function"]);
  const { name, description, parameters } = it;
  if (typeof name !== "string" || name === "") refuse(`tools[${at}].function.name`, "must be a name");
  const tool: FunctionTool = { type: "function", name };
  if (typeof description === "string") tool.description = description;
  if (isJsonObject(parameters)) tool.parameters = parameters;
  const rest = leftover(it, FUNCTION_FIELDS);
  if (rest !== undefined) tool.extensions = rest;
  return tool;
}
