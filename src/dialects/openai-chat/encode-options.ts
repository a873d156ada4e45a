import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions, ResponseFormat } from "../../canonical/request.ts";
import { REASONING_KEYS } from "./decode-options.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { isSame } from "./encode-tools.ts";
import type { RequestShape } from "./shape.ts";

/** Writes what the request says of reasoning: in the client's own spelling while it still holds, else `reasoning_effort`. */
export function encodeReasoningOptions(
  options: ReasoningOptions | undefined,
  shape: RequestShape | undefined,
  body: JsonObject,
  context: EncodeContext,
): void {
  if (options === undefined) return;
  if (shape?.reasoning === undefined || !isSame(options, shape.reasoning)) return encodeEffort(options, body, context);
  for (const key of REASONING_KEYS) {
    const value = shape.spelling[key];
    if (value !== undefined) body[key] = value;
  }
}

function encodeEffort(options: ReasoningOptions, body: JsonObject, context: EncodeContext): void {
  const effort = options.effort ?? effortOf(options.budgetTokens, context);
  if (effort === "none" && !context.own) leaveOut(context);
  else if (effort !== undefined) body["reasoning_effort"] = effort;
  if (options.effort !== undefined && (options.budgetTokens ?? 0) > 0) {
    warn(context, "unsupported_field", "reasoning.budget_tokens", "chat completions take an effort, not a budget");
  }
  if (options.summary === "concise" || options.summary === "detailed") {
    warn(
      context,
      "unsupported_field",
      "reasoning.summary",
      "chat completions cannot ask for a summary of the reasoning",
    );
  }
}

/**
 * Clients of other dialects switch reasoning off for models that have none, too. OpenAI refuses `none` for those, as for
 * most that reason; the ones that take it have it as their default.
 */
function leaveOut(context: EncodeContext): void {
  warn(context, "changed_field", "reasoning.effort", "no effort was sent: most models refuse none");
}

/** Largest budget in tokens of each effort; more is `high`. */
const LOW_BUDGET = 4096;
const MEDIUM_BUDGET = 16384;

/** The effort nearest to a budget; nothing when the model is to decide. */
function effortOf(budget: number | undefined, context: EncodeContext): string | undefined {
  if (budget === undefined || budget < 0) return undefined;
  if (budget === 0) return "none";
  const effort = budget <= LOW_BUDGET ? "low" : budget <= MEDIUM_BUDGET ? "medium" : "high";
  const message = `chat completions take an effort: ${effort} was sent for a budget of ${budget} tokens`;
  warn(context, "changed_field", "reasoning.budget_tokens", message);
  return effort;
}

/** Writes `response_format`. Hosts without `json_schema` get `json_object`, and the schema as an instruction. */
export function encodeResponseFormat(
  request: ChatRequest,
  shape: RequestShape | undefined,
  noJsonSchema: boolean,
  body: JsonObject,
  context: EncodeContext,
): void {
  const { responseFormat: format } = request;
  if (format === undefined) return;
  if (format.type === "json_schema" && noJsonSchema) return encodeJsonObject(format, body, context);
  const sent = shape?.spelling["response_format"];
  if (sent !== undefined && shape?.responseFormat !== undefined && isSame(format, shape.responseFormat)) {
    body["response_format"] = sent;
  } else if (format.type !== "text") body["response_format"] = encodeFormat(format);
}

function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type !== "json_schema") return { type: format.type };
  // OpenAI requires a name.
  const inner: JsonObject = { name: format.name ?? "response", schema: format.schema };
  if (format.description !== undefined) inner["description"] = format.description;
  if (format.strict !== undefined) inner["strict"] = format.strict;
  return { type: "json_schema", json_schema: inner };
}

function encodeJsonObject(
  format: Extract<ResponseFormat, { type: "json_schema" }>,
  body: JsonObject,
  context: EncodeContext,
): void {
  warn(
    context,
    "changed_field",
    "response_format",
    "the host has no json_schema: json_object and the schema as text were sent",
  );
  body["response_format"] = { type: "json_object" };
  const instruction = `Answer with one JSON object that is valid under this JSON Schema:\n${JSON.stringify(format.schema)}`;
  const messages = Array.isArray(body["messages"]) ? body["messages"] : [];
  body["messages"] = [{ role: "system", content: instruction }, ...messages];
}
