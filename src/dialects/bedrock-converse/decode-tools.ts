import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { decodeCachePoint } from "./cache-point.ts";
import { refuse } from "./decode-messages.ts";
import { blockExtensions, leftover } from "./own-fields.ts";
import { DIALECT } from "./wire.ts";

/** The system tool that searches the web: https://docs.aws.amazon.com/nova/latest/nova2-userguide/web-grounding.html. */
export const WEB_SEARCH = "nova_grounding";

const CONFIG_FIELDS = new Set(["tools", "toolChoice"]);

/** Reads `toolConfig`; the answer holds what canonical cannot name of it. Throws `invalid_request`. */
export function decodeToolConfig(config: Json, request: ChatRequest): JsonObject | undefined {
  if (!isJsonObject(config)) refuse("toolConfig", "must be an object");
  const { tools, toolChoice } = config;
  if (tools !== undefined && tools !== null) {
    if (!Array.isArray(tools)) refuse("toolConfig.tools", "must be a list");
    tools.forEach((tool, index) => {
      if (!isJsonObject(tool)) refuse(`toolConfig.tools[${index}]`, "must be an object");
      appendTool(tool, request.tools);
    });
  }
  if (toolChoice !== undefined) request.toolChoice = decodeChoice(toolChoice);
  const rest = leftover(config, CONFIG_FIELDS);
  return request.tools.length > 0 ? rest : { ...rest, ...(tools !== undefined && { tools }) };
}

function appendTool(wire: JsonObject, out: Tool[]): void {
  const cache = decodeCachePoint(wire);
  const last = out.at(-1);
  if (cache !== undefined && last?.type === "function" && last.cache === undefined) {
    last.cache = cache;
    return;
  }
  out.push(decodeTool(wire));
}

function decodeTool(wire: JsonObject): Tool {
  const spec = wire["toolSpec"];
  if (isJsonObject(spec) && typeof spec["name"] === "string") return decodeSpec(wire, spec, spec["name"]);
  if (objectOf(wire["systemTool"])["name"] === WEB_SEARCH) return { type: "web_search", dialect: DIALECT, raw: wire };
  return { type: "opaque", dialect: DIALECT, value: wire };
}

function decodeSpec(wire: JsonObject, spec: JsonObject, name: string): FunctionTool {
  const tool: FunctionTool = { type: "function", name };
  const taken = new Set(["name"]);
  const { description, inputSchema, strict } = spec;
  if (typeof description === "string") {
    tool.description = description;
    taken.add("description");
  }
  const { json, ...others } = objectOf(inputSchema);
  if (isJsonObject(json) && Object.keys(others).length === 0) {
    tool.parameters = json;
    taken.add("inputSchema");
  }
  if (typeof strict === "boolean") {
    tool.strict = strict;
    taken.add("strict");
  }
  const extensions = blockExtensions(wire, "toolSpec", leftover(spec, taken));
  return extensions === undefined ? tool : { ...tool, extensions };
}

function decodeChoice(wire: Json): ToolChoice {
  const opaque: ToolChoice = { type: "opaque", dialect: DIALECT, value: wire };
  const [[member, inner] = ["", null], ...more] = Object.entries(isJsonObject(wire) ? wire : {});
  if (more.length > 0 || !isJsonObject(inner)) return opaque;
  const { name, ...others } = inner;
  if (Object.keys(others).length > 0) return opaque;
  if (member === "tool" && typeof name === "string") return { type: "tool", name };
  if (name !== undefined) return opaque;
  return member === "auto" ? { type: "auto" } : member === "any" ? { type: "required" } : opaque;
}
