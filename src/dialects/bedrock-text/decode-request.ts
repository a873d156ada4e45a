import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest, MessageItem } from "../../canonical/request.ts";
import type { Option } from "../../canonical/words/warn-unsaid.ts";
import { familyOfRequest, FAMILIES, type Family, type FamilyTraits } from "./family.ts";
import { PROMPT_FORMS } from "./prompt.ts";
import { shapedExtensions } from "./shape.ts";
import type { Turn } from "../../canonical/words/turns.ts";
import { objectOf, restOf } from "./wire.ts";

/**
 * Reads a body of one of the families. A prompt in its family's documented form becomes a conversation again; any other is
 * what the user says.
 */
export function decodeRequest({ body, pathModel, pathStream }: WireRequest): ChatRequest {
  const named = body["model"] ?? pathModel;
  const model = typeof named === "string" ? named : "";
  const family = familyOfRequest(body, model);
  if (family === undefined) throw invalid("prompt", "a text (or `inputText`, or `message`)");
  const traits = FAMILIES[family];
  const taken = new Set(["model", ...SAID[family]]);
  const request: ChatRequest = {
    model,
    stream: pathStream === true,
    items: turnsOf(family, body).map(itemOf),
    tools: [],
    extensions: {},
    warnings: [],
  };
  const left = decodeOptions(request, body, traits, taken);
  const said = Object.fromEntries(SAID[family].filter((field) => field in body).map((field) => [field, body[field]]));
  request.extensions = shapedExtensions(left, { family, said });
  return request;
}

/** The fields that hold what is said. */
const SAID: Readonly<Record<Family, readonly string[]>> = {
  titan: ["inputText"],
  llama: ["prompt"],
  mistral: ["prompt"],
  command: ["prompt"],
  "command-r": ["message", "chat_history", "preamble"],
};

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

function itemOf({ role, text }: Turn): MessageItem {
  return { type: "message", role, content: [{ type: "text", text }] };
}

function turnsOf(family: Family, body: JsonObject): Turn[] {
  if (family === "command-r") return commandTurns(body);
  const { prompt: field } = FAMILIES[family];
  const prompt = textIn(body, field);
  return PROMPT_FORMS[family].read(prompt) ?? [{ role: "user", text: prompt }];
}

function textIn(body: JsonObject, field: string, path = field): string {
  const value = body[field];
  if (typeof value !== "string") throw invalid(path, "a text");
  return value;
}

const SPEAKERS: Readonly<Record<string, Turn["role"]>> = { USER: "user", CHATBOT: "assistant", SYSTEM: "system" };

function commandTurns(body: JsonObject): Turn[] {
  const turns: Turn[] = [];
  if (typeof body["preamble"] === "string" && body["preamble"] !== "")
    turns.push({ role: "system", text: body["preamble"] });
  const history = body["chat_history"] ?? [];
  if (!Array.isArray(history)) throw invalid("chat_history", "a list of messages");
  for (const [at, entry] of history.entries()) turns.push(historyTurn(entry, `chat_history[${at}]`));
  return [...turns, { role: "user", text: textIn(body, "message") }];
}

function historyTurn(entry: Json, path: string): Turn {
  const { role } = objectOf(entry);
  const speaker = typeof role === "string" && Object.hasOwn(SPEAKERS, role) ? SPEAKERS[role] : undefined;
  if (speaker === undefined || !isJsonObject(entry)) throw invalid(`${path}.role`, "USER, CHATBOT or SYSTEM");
  return { role: speaker, text: textIn(entry, "message", `${path}.message`) };
}

/** Reads the options into the request; what is left of the body comes back. */
function decodeOptions(
  request: ChatRequest,
  body: JsonObject,
  { nest, options }: FamilyTraits,
  taken: Set<string>,
): JsonObject {
  const found = nest === undefined ? body : nestOf(body, nest);
  const read = new Set<string>();
  for (const [option, field] of Object.entries(options) as [Option, string][]) {
    const path = nest === undefined ? field : `${nest}.${field}`;
    if (found[field] == null) continue;
    read.add(field);
    if (option === "stop") request.stop = textsIn(found[field], path);
    else request[option] = numberIn(found[field], path);
  }
  if (nest === undefined) return restOf(body, new Set([...taken, ...read]));
  const inner = restOf(found, read);
  const isOver = Object.keys(inner).length === 0 && Object.keys(found).length > 0;
  return restOf(isOver ? body : { ...body, ...(nest in body && { [nest]: inner }) }, isOver ? taken.add(nest) : taken);
}

function nestOf(body: JsonObject, nest: string): JsonObject {
  const value = body[nest];
  if (value != null && !isJsonObject(value)) throw invalid(nest, "an object");
  return objectOf(value);
}

function numberIn(value: Json | undefined, path: string): number {
  if (typeof value !== "number") throw invalid(path, "a number");
  return value;
}

function textsIn(value: Json | undefined, path: string): string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw invalid(path, "a list of texts");
}
