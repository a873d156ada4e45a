import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { RefusedRequest } from "./faults.ts";

/** A tool on offer. */
export interface DemoTool {
  kind: "function" | "custom";
  name: string;
  parameters: JsonObject;
}

/** Which tool to call, if any. */
export interface ToolUse {
  offered: DemoTool[];
  /** The tool to call in any case. */
  forced: DemoTool | null;
  /** The tool to call unless its result is already there. */
  wanted: DemoTool | null;
}

/** Reads `tools` and `tool_choice`. `eager`: call the first tool when the choice is free. */
export function readTools(body: JsonObject, eager: boolean): ToolUse {
  const list = Array.isArray(body["tools"]) ? body["tools"] : [];
  const offered = list.flatMap(readTool);
  const choice = body["tool_choice"];
  if (choice === "none") return { offered, forced: null, wanted: null };
  const first = offered[0] ?? null;
  if (choice === "required") return { offered, forced: first, wanted: first };
  if (isJsonObject(choice)) return readChoice(choice, offered, eager);
  return { offered, forced: null, wanted: eager ? first : null };
}

function readTool(value: Json): DemoTool[] {
  if (!isJsonObject(value)) return [];
  const kind = value["type"] === "custom" ? "custom" : "function";
  const described = value[kind];
  const name = isJsonObject(described) ? described["name"] : undefined;
  if (!isJsonObject(described) || typeof name !== "string") return [];
  const { parameters } = described;
  return [{ kind, name, parameters: isJsonObject(parameters) ? parameters : {} }];
}

function readChoice(choice: JsonObject, offered: DemoTool[], eager: boolean): ToolUse {
  if (choice["type"] === "allowed_tools") return readAllowed(choice["allowed_tools"], offered, eager);
  const name = nameOf(choice);
  const forced = offered.find((tool) => tool.name === name);
  if (forced === undefined) throw new RefusedRequest(`Tool choice '${name}' not found in 'tools'.`, "tool_choice");
  return { offered, forced, wanted: forced };
}

function readAllowed(allowed: Json | undefined, offered: DemoTool[], eager: boolean): ToolUse {
  const names =
    isJsonObject(allowed) && Array.isArray(allowed["tools"]) ? allowed["tools"].filter(isJsonObject).map(nameOf) : [];
  const first = offered.find((tool) => names.includes(tool.name)) ?? null;
  const must = isJsonObject(allowed) && allowed["mode"] === "required";
  return { offered, forced: must ? first : null, wanted: must || eager ? first : null };
}

function nameOf(value: JsonObject): string {
  const described = value["function"] ?? value["custom"];
  const name = isJsonObject(described) ? described["name"] : undefined;
  return typeof name === "string" ? name.slice(0, 200) : "";
}
