import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, FunctionTool, Tool } from "../../canonical/request.ts";
import type { EncodeContext, Warn } from "./encode-context.ts";
import { objectOf, OLLAMA } from "./wire.ts";

/**
 * Encodes the tools that the model may call: the wire has no `tool_choice`, so a choice of none or of some leaves the others
 * away, and one that must be made becomes a warning.
 */
export function encodeTools(request: ChatRequest, { warn }: EncodeContext): Json[] {
  const chosen = chooseTools(request, warn);
  const tools: Json[] = [];
  for (const [at, tool] of chosen.entries()) {
    const encoded = encodeTool(tool, `tools[${at}]`, warn);
    if (encoded !== undefined) tools.push(encoded);
  }
  return tools;
}

function chooseTools({ tools, toolChoice, parallelToolCalls }: ChatRequest, warn: Warn): readonly Tool[] {
  if (parallelToolCalls === false && tools.length > 0) {
    warn("unsupported_field", "parallel_tool_calls", "Ollama cannot be told to call one tool at a time");
  }
  switch (toolChoice?.type) {
    case undefined:
    case "auto":
      return tools;
    case "none":
      if (tools.length > 0) warn("changed_field", "tool_choice", "Ollama has no tool_choice; no tools were sent");
      return [];
    case "allowed": {
      warn("changed_field", "tool_choice", "Ollama has no tool_choice; only the tools that it allows were sent");
      const names = new Set(toolChoice.names);
      return tools.filter((tool) => "name" in tool && names.has(tool.name));
    }
    default:
      warn("unsupported_field", "tool_choice", "Ollama has no tool_choice: the model decides whether to call a tool");
      return tools;
  }
}

function encodeTool(tool: Tool, field: string, warn: Warn): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, field, warn);
    case "custom":
      if (tool.format !== undefined && tool.format["type"] !== "text") {
        warn("changed_field", `${field}.format`, "Ollama has no grammars for tools; any text is allowed");
      }
      return customFunction(tool.name, tool.description);
    default:
      if (tool.type === "opaque" && tool.dialect === OLLAMA) return tool.value;
      warn("unsupported_tool", field, `a tool that only ${tool.dialect} has was left out`);
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, field: string, warn: Warn): JsonObject {
  const { name, description, parameters, cache, extensions } = tool;
  const own = extensions?.[OLLAMA];
  if (cache !== undefined)
    warn("unsupported_field", "cache_control", "Ollama caches prompts by itself; cache markers were left out");
  if (tool.strict === true)
    warn("unsupported_field", `${field}.strict`, "Ollama does not hold calls to the schema; strict was left out");
  return {
    type: "function",
    ...own,
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(parameters === undefined ? own === undefined && NO_PARAMETERS : { parameters }),
      ...objectOf(own?.["function"]),
    },
  };
}

const NO_PARAMETERS = { parameters: { type: "object", properties: {} } };

/** The one argument of a tool that takes free text: as `callInput` names it in calls. */
const CUSTOM_ARGUMENT = "input";

function customFunction(name: string, description: string | undefined): JsonObject {
  const properties = { [CUSTOM_ARGUMENT]: { type: "string" } };
  const parameters = { type: "object", properties, required: [CUSTOM_ARGUMENT] };
  return { type: "function", function: { name, ...(description !== undefined && { description }), parameters } };
}
