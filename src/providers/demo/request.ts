import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { readDirectives, withoutMark, type Directives } from "./directives.ts";
import { RefusedRequest } from "./faults.ts";
import { readMessages, type DemoMessage } from "./messages.ts";
import { DEMO_MODELS, type DemoModel } from "./models.ts";
import { readTools, type ToolUse } from "./tools.ts";

/** A chat completions request as far as the simulation looks at it. https://platform.openai.com/docs/api-reference/chat/create */
export interface DemoRequest {
  model: DemoModel;
  messages: DemoMessage[];
  /** Text of the last user message, without directives. */
  prompt: string;
  stream: boolean;
  includeUsage: boolean;
  n: number;
  maxTokens: number;
  stop: string[];
  /** How many alternatives a token; null when no log probabilities are wanted. */
  topLogprobs: number | null;
  tools: ToolUse;
  /** `text`, or JSON of a schema (true: any). */
  format: "text" | { schema: JsonObject | true };
  seed: string;
  directives: Directives;
}

const MAX_CHOICES = 8;
const MAX_OUTPUT_TOKENS = 32_768;

/** Reads a request; throws `RefusedRequest` for what the real API refuses too. */
export function readRequest(body: Json, header: string | null): DemoRequest {
  if (!isJsonObject(body)) throw new RefusedRequest("The body must be a JSON object.", "");
  const model = readModel(body["model"]);
  const messages = readMessages(body["messages"]);
  const last = messages.findLast((message) => message.role === "user")?.text ?? "";
  const stream = body["stream"] === true;
  const options = body["stream_options"];
  return {
    model,
    messages,
    prompt: withoutMark(last),
    stream,
    includeUsage: isJsonObject(options) && options["include_usage"] === true,
    n: readInteger(body, "n", 1, MAX_CHOICES) ?? 1,
    maxTokens: readMaxTokens(body),
    stop: readStop(body["stop"]),
    topLogprobs: body["logprobs"] === true ? (readInteger(body, "top_logprobs", 0, 20) ?? 0) : null,
    tools: readTools(body, model.callsTools === true),
    format: readFormat(body["response_format"], model.writesJson === true),
    seed: `${model.id} ${JSON.stringify(body["seed"] ?? null)} ${JSON.stringify(body["messages"])}`,
    directives: readDirectives(body["demo"], header, last),
  };
}

function readModel(value: Json | undefined): DemoModel {
  if (typeof value !== "string") throw new RefusedRequest("you must provide a model parameter", "model");
  const found = DEMO_MODELS.find((model) => model.id === value);
  if (found !== undefined) return found;
  const known = DEMO_MODELS.map((model) => model.id).join(", ");
  const message = `The model \`${value.slice(0, 200)}\` does not exist. The demo has: ${known}.`;
  throw new RefusedRequest(message, "model", { status: 404, code: "model_not_found" });
}

function readMaxTokens(body: JsonObject): number {
  const asked = readInteger(body, "max_completion_tokens", 1, Number.MAX_SAFE_INTEGER);
  const older = readInteger(body, "max_tokens", 1, Number.MAX_SAFE_INTEGER);
  return Math.min(asked ?? older ?? MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS);
}

function readInteger(body: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RefusedRequest(`Invalid '${name}': expected an integer from ${least} to ${most}.`, name, {
    code: "invalid_value",
  });
}

function readStop(value: Json | undefined): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((each): each is string => typeof each === "string" && each !== "").slice(0, 4);
}

function readFormat(value: Json | undefined, writesJson: boolean): DemoRequest["format"] {
  const type = isJsonObject(value) ? value["type"] : undefined;
  if (type === "json_schema" && isJsonObject(value)) {
    const described = value["json_schema"];
    const schema = isJsonObject(described) ? described["schema"] : undefined;
    if (isJsonObject(schema)) return { schema };
    throw new RefusedRequest("Missing required parameter: 'response_format.json_schema.schema'.", "response_format");
  }
  return type === "json_object" || (writesJson && type === undefined) ? { schema: true } : "text";
}
