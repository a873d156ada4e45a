import { fitFormat } from "../../canonical/gpt/fit-format.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ResponseFormat } from "../../canonical/request.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { isSame } from "./encode-tools.ts";
import type { RequestShape } from "./shape.ts";

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
  } else if (context.gpt !== undefined) encodeFitted(format, body, context);
  else if (format.type !== "text") body["response_format"] = encodeFormat(format);
}

/** What OpenAI's own models do not take as it is said, they are told. */
function encodeFitted(asked: ResponseFormat, body: JsonObject, context: EncodeContext): void {
  const { format, instruction } = fitFormat(asked, body["messages"]);
  if (format !== undefined && format.type !== "text") body["response_format"] = encodeFormat(format);
  if (instruction === undefined) return;
  warn(context, "changed_field", "response_format", "the model was told of the format in a message");
  addInstruction(instruction, body);
}

function addInstruction(content: string, body: JsonObject): void {
  const messages = Array.isArray(body["messages"]) ? body["messages"] : [];
  body["messages"] = [{ role: "system", content }, ...messages];
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
  addInstruction(instruction, body);
}
