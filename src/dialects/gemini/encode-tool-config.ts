import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ToolChoice } from "../../canonical/request.ts";
import type { RequestContext } from "./encode-context.ts";
import { hasFunctions } from "./encode-tools.ts";
import { isGemini3 } from "./model-traits.ts";
import { readObject } from "./read.ts";

/** Encodes the tool choice and what belongs to it; undefined when the defaults will do. */
export function encodeToolConfig(request: ChatRequest, context: RequestContext): JsonObject | undefined {
  if (request.parallelToolCalls === false && hasFunctions(request)) {
    context.warn("unsupported_field", "parallel_tool_calls", "Gemini may always make several calls at once");
  }
  const kept = request.extensions.gemini;
  const rest = kept === undefined ? undefined : readObject(kept, "toolConfig");
  const calling = encodeCalling(request, context);
  const restCalling = rest === undefined ? undefined : readObject(rest, "functionCallingConfig");
  const config: JsonObject = { ...rest };
  if (calling !== undefined || restCalling !== undefined) config.functionCallingConfig = { ...calling, ...restCalling };
  if (needsCombination(request, context)) config.includeServerSideToolInvocations = true;
  return rest === undefined && Object.keys(config).length === 0 ? undefined : config;
}

/**
 * Gemini 3 wants the flag when functions stand beside a built-in tool
 * (https://ai.google.dev/gemini-api/docs/tool-combination); Vertex AI does not know it. Gemini clients set it themselves.
 */
function needsCombination(request: ChatRequest, context: RequestContext): boolean {
  const translated = request.tools.some((tool) => tool.type === "web_search" && tool.dialect !== "gemini");
  return translated && hasFunctions(request) && isGemini3(context.traits) && context.flags.noToolInvocations !== true;
}

function encodeCalling(request: ChatRequest, context: RequestContext): JsonObject | undefined {
  const choice = request.toolChoice ?? (hasStrict(request) ? { type: "auto" as const } : undefined);
  if (choice === undefined) return undefined;
  // The API refuses a function calling config without functions, which some clients send all the same.
  if (!hasFunctions(request) && request.extensions.gemini === undefined) return undefined;
  return encodeChoice(choice, request, context);
}

/** `VALIDATED` checks calls against their schema, which is what other vendors' `strict` promises. */
function encodeChoice(choice: ToolChoice, request: ChatRequest, context: RequestContext): JsonObject | undefined {
  switch (choice.type) {
    case "auto":
      return { mode: hasStrict(request) ? "VALIDATED" : "AUTO" };
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "tool":
      return { mode: "ANY", allowedFunctionNames: [choice.name] };
    case "allowed":
      return {
        mode: choice.mode === "required" ? "ANY" : "VALIDATED",
        allowedFunctionNames: choice.names,
      };
    default:
      context.warn("unsupported_field", "tool_choice", `a tool choice that only ${choice.dialect} knows was left out`);
      return undefined;
  }
}

function hasStrict(request: ChatRequest): boolean {
  return request.tools.some((tool) => tool.type === "function" && tool.strict === true);
}
