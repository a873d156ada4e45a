import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Tool, ToolChoice } from "../../canonical/request.ts";
import { decodeCache } from "./provider-state.ts";
import { AI_GATEWAY, fieldsBeside, objectOf, textOf } from "./wire.ts";

const TAKEN: ReadonlySet<string> = new Set(["type", "name", "description", "inputSchema", "strict"]);
/** Provider-run searches, by their ids in the AI SDK's providers. */
const SEARCH = /^(?:openai\.web_search(?:_preview)?|anthropic\.web_search_\d+|google\.google_search)$/;

/** Decodes `tools`: functions, and providers' own (`provider`; `provider-defined` in version 2). */
export function decodeTools(tools: Json | undefined): Tool[] {
  if (!Array.isArray(tools)) throw refusal("tools", "must be a list");
  return tools.map((tool, at) => {
    if (!isJsonObject(tool)) throw refusal(`tools[${at}]`, "must be an object");
    return decodeTool(tool, `tools[${at}]`);
  });
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function decodeTool(tool: JsonObject, param: string): Tool {
  if (tool["type"] === "provider" || tool["type"] === "provider-defined") {
    if (SEARCH.test(textOf(tool["id"]) ?? "")) return { type: "web_search", dialect: AI_GATEWAY, raw: tool };
    return { type: "opaque", dialect: AI_GATEWAY, value: tool };
  }
  const name = textOf(tool["name"]);
  if (name === undefined) throw refusal(`${param}.name`, "must be a text");
  const description = textOf(tool["description"]);
  const parameters = objectOf(tool["inputSchema"]);
  const cache = decodeCache(objectOf(tool["providerOptions"]));
  const rest = fieldsBeside(tool, TAKEN);
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(typeof tool["strict"] === "boolean" && { strict: tool["strict"] }),
    ...(cache !== undefined && { cache }),
    ...(rest !== undefined && { extensions: { [AI_GATEWAY]: rest } }),
  };
}

/** Decodes `toolChoice`; undefined for what is none. */
export function decodeToolChoice(choice: Json | undefined): ToolChoice | undefined {
  const value = objectOf(choice);
  const type = value?.["type"];
  if (type === "auto" || type === "none" || type === "required") return { type };
  const name = textOf(value?.["toolName"]);
  return type === "tool" && name !== undefined ? { type, name } : undefined;
}
