import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { NUMBERS } from "./decode-request.ts";
import { encodePrompt } from "./encode-prompt.ts";
import { encodeProviderOptions } from "./encode-options.ts";
import { encodeCache, mergedOptions } from "./provider-state.ts";
import { AI_GATEWAY, CHAT_PATH, fieldsBeside, objectOf, OWN_VERSION } from "./wire.ts";

type Warn = (code: Warning["code"], field: string, message: string) => void;

const NOTES: ReadonlySet<string> = new Set(["version", "providerOptions", "sentOptions"]);

/** Encodes a request in version 3: call options in the body, model and stream in headers. */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const warn: Warn = (code, field, message) => addWarning(target.warnings, { code, field, message });
  const own = request.extensions[AI_GATEWAY];
  const body: JsonObject = {
    ...(own !== undefined && fieldsBeside(own, NOTES)),
    prompt: encodePrompt(request.items, warn),
  };
  for (const name of NUMBERS) if (request[name] !== undefined) body[name] = request[name];
  if (request.stop !== undefined) body["stopSequences"] = request.stop;
  const tools = request.tools.flatMap((tool, at) => encodeTool(tool, `tools[${at}]`, warn));
  if (tools.length > 0) body["tools"] = tools;
  const choice = tools.length === 0 ? undefined : encodeChoice(request.toolChoice, warn);
  if (choice !== undefined) body["toolChoice"] = choice;
  const format = encodeFormat(request);
  if (format !== undefined) body["responseFormat"] = format;
  const options = objectOf(own?.["sentOptions"]) ?? encodeProviderOptions(request);
  if (options !== undefined) body["providerOptions"] = options;
  warnUnsupported(request, warn);
  return { path: CHAT_PATH, body, headers: modelHeaders(target.model, request.stream, OWN_VERSION) };
}

/** `getModelConfigHeaders` of `gateway-language-model.ts` in @ai-sdk/gateway 3.0. */
export function modelHeaders(model: string, stream: boolean, version: number): Record<string, string> {
  return {
    "ai-language-model-specification-version": String(version),
    "ai-language-model-id": model,
    "ai-language-model-streaming": String(stream),
    "ai-gateway-protocol-version": "0.0.1",
  };
}

function encodeTool(tool: Tool, field: string, warn: Warn): JsonObject[] {
  if (tool.type === "function") return [encodeFunction(tool)];
  if (tool.type === "custom") return [encodeCustom(tool, warn)];
  if (tool.dialect === AI_GATEWAY) return [tool.type === "web_search" ? tool.raw : tool.value];
  warn("unsupported_tool", field, `a tool that only ${tool.dialect} knows was left out`);
  return [];
}

function encodeFunction({ name, description, parameters, strict, cache, extensions }: FunctionTool): JsonObject {
  const own = extensions?.[AI_GATEWAY];
  const options = mergedOptions(objectOf(own?.["providerOptions"]), cache && encodeCache(cache));
  return {
    ...own,
    type: "function",
    name,
    ...(description !== undefined && { description }),
    inputSchema: parameters ?? { type: "object", properties: {} },
    ...(strict !== undefined && { strict }),
    ...(options !== undefined && { providerOptions: options }),
  };
}

function encodeCustom({ name, description }: CustomTool, warn: Warn): JsonObject {
  warn("changed_field", "tools", "tools that take free text were sent as tools with a text argument");
  const input = { type: "string", description: "The tool's whole input, as plain text." };
  const inputSchema = { type: "object", properties: { input }, required: ["input"] };
  return { type: "function", name, ...(description !== undefined && { description }), inputSchema };
}

function encodeChoice(choice: ToolChoice | undefined, warn: Warn): Json | undefined {
  if (choice === undefined) return undefined;
  if (choice.type === "tool") return { type: "tool", toolName: choice.name };
  if (choice.type === "auto" || choice.type === "none" || choice.type === "required") return { type: choice.type };
  warn("unsupported_field", "tool_choice", "the AI SDK cannot make this choice");
  return choice.type === "allowed" ? { type: choice.mode } : undefined;
}

function encodeFormat({ responseFormat: format }: ChatRequest): Json | undefined {
  if (format === undefined) return undefined;
  if (format.type === "text") return { type: "text" };
  if (format.type === "json_object") return { type: "json" };
  const { schema, name, description } = format;
  return {
    type: "json",
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}

/** Settings that the wire has no field for, and whether the request asks for more than the default. */
const UNSUPPORTED: readonly [string, (request: ChatRequest) => boolean][] = [
  ["n", ({ n }) => (n ?? 1) > 1],
  ["logprobs", ({ logprobs, topLogprobs }) => logprobs === true || topLogprobs !== undefined],
  ["logit_bias", ({ logitBias }) => logitBias !== undefined && Object.keys(logitBias).length > 0],
  ["cache_control", ({ cache }) => cache !== undefined],
  ["metadata", ({ metadata }) => metadata !== undefined],
  ["previous_response_id", ({ previousResponseId }) => previousResponseId !== undefined],
  ["modalities", ({ modalities }) => modalities?.some((each) => each.toLowerCase() !== "text") === true],
];

function warnUnsupported(request: ChatRequest, warn: Warn): void {
  const left = UNSUPPORTED.filter(([, isSet]) => isSet(request)).map(([field]) => field);
  for (const field of [...left, ...foreignFields(request, AI_GATEWAY)]) {
    warn("unsupported_field", field, `the AI SDK's protocol has no ${field}`);
  }
}
