import type { Part } from "../../src/canonical/content.ts";
import { isJsonObject, type Json } from "../../src/canonical/json.ts";
import type { ChatRequest, Tool } from "../../src/canonical/request.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { readArguments } from "../e2e/reading/reading.ts";

/** Something that a request says: how to read it, and the words by which a warning owns up to its loss. */
export interface Aspect {
  name: string;
  /** Undefined: the request does not say it, or says what is the default anyway. */
  read: (request: ChatRequest) => Json | undefined;
  /** In the field of the warning. */
  words: RegExp;
  /** In its message, where the field says too little. */
  message?: RegExp;
  /** How what arrives may differ; default: not at all. */
  holds?: (seen: Json | undefined, wanted: Json) => boolean;
}

/** What of a request has changed on its way without a warning that says so. */
export function vanished(request: ChatRequest, again: ChatRequest, warnings: readonly Warning[]): Loss[] {
  return ASPECTS.flatMap(({ name, read, words, message, holds = same }) => {
    const wanted = read(request);
    if (wanted === undefined) return [];
    const seen = read(again);
    const isTold = warnings.some((it) => words.test(it.field) && (message?.test(it.message) ?? true));
    return isTold || holds(seen, wanted) ? [] : [{ name, wanted, seen }];
  });
}

/** An aspect that did not arrive as it was. */
export interface Loss {
  name: string;
  wanted: Json;
  seen: Json | undefined;
}

const same = (seen: Json | undefined, wanted: Json): boolean => Bun.deepEquals(seen, wanted);

const atLeast = (seen: Json | undefined, wanted: Json): boolean => Number(seen ?? 0) >= Number(wanted);

/** Whatever was wanted is there; more may be. */
function includes(seen: Json | undefined, wanted: Json): boolean {
  if (Array.isArray(wanted) && Array.isArray(seen)) return wanted.every((each) => seen.includes(each));
  if (!isJsonObject(wanted) || !isJsonObject(seen)) return false;
  return Object.entries(wanted).every(([key, value]) => Bun.deepEquals(seen[key], value));
}

const unless = <T>(value: T | undefined, ...defaults: T[]): T | undefined =>
  value === undefined || defaults.includes(value) ? undefined : value;

/** Every text that is the conversation's, with who said it. */
function saidIn({ items }: ChatRequest): [role: string, text: string][] {
  return items.flatMap((item) => {
    if (item.type === "message")
      return textsOf(item.content).map((text): [string, string] => [roleOf(item.role), text]);
    if (item.type === "tool_result") return textsOf(item.content).map((text): [string, string] => ["tool", text]);
    return [];
  });
}

const roleOf = (role: string): string => (role === "developer" ? "system" : role);

function textsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
}

/** Where the texts of documents stand differs: some wires have no place for them but among the words, others one beside all messages. */
const DOCUMENT = /document\d+[^.]*\./g;
const bare = (text: string): string => text.replaceAll(/\s+/g, "");
const wordsOf = (text: string): string => bare(text).replaceAll(DOCUMENT, "");

function documentsOf(request: ChatRequest): Json | undefined {
  const found = bare(everyText(request.items).join(" ")).match(DOCUMENT);
  return found === null ? undefined : [...new Set(found)].toSorted();
}

/** Every text in a value, as it is. */
function everyText(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(everyText) : [];
}

/** A speaker's texts in a row are one: wires join and part them. */
function turnsOf(request: ChatRequest, roles: readonly string[]): Json | undefined {
  const turns: [string, string][] = [];
  for (const [role, text] of saidIn(request)) {
    if (!roles.includes(role)) continue;
    const last = turns.at(-1);
    if (last?.[0] === role) last[1] += text;
    else turns.push([role, text]);
  }
  return turns.length === 0 ? undefined : turns.map(([role, text]) => [role, wordsOf(text)]);
}

/** Free text goes as the one argument of a function where a wire has functions only. */
function argumentsOf(text: string): Json {
  const value = readArguments(text) as Json;
  const isWrapped = typeof value === "object" && value !== null && !Array.isArray(value);
  const [key, ...more] = isWrapped ? Object.keys(value) : [];
  const isFree = more.length === 0 && (key === "input" || key === "tl_custom_input");
  return isFree && isWrapped && key !== undefined ? (value[key] ?? null) : value;
}

function callsOf({ items }: ChatRequest): Json | undefined {
  const calls = items.flatMap((item): Json[] =>
    item.type === "tool_call" ? [[item.name, argumentsOf(item.arguments)]] : [],
  );
  return calls.length === 0 ? undefined : calls;
}

/** Results by the place of the call that they answer. */
function resultsOf({ items }: ChatRequest): Json | undefined {
  const ids = items.flatMap((item) => (item.type === "tool_call" ? [item.callId] : []));
  const results = items.flatMap((item): Json[] =>
    item.type === "tool_result" ? [[ids.indexOf(item.callId), wordsOf(textsOf(item.content).join(""))]] : [],
  );
  return results.length === 0 ? undefined : results;
}

/** Data and addresses of media, wherever they stand. */
function mediaOf({ items }: ChatRequest): Json | undefined {
  const media = items.flatMap((item) => ("content" in item ? item.content.flatMap(sourceOf) : []));
  return media.length === 0 ? undefined : media.toSorted();
}

function sourceOf(part: Part): string[] {
  if (!("source" in part)) return [];
  const { source } = part;
  if (source.type === "url") return [source.url];
  return source.type === "base64" ? [source.data] : [];
}

function thoughtsOf({ items }: ChatRequest): Json | undefined {
  const thoughts = items.flatMap((item) => {
    if (item.type !== "reasoning") return [];
    return [item.text === "" ? item.summary.join("") : item.text];
  });
  return unless(thoughts.join("").replaceAll(/\s+/g, ""), "");
}

/** Tools that may not be called may as well stay away. */
function usable({ tools, toolChoice: choice }: ChatRequest): Tool[] {
  if (choice?.type === "none") return [];
  const names = choice?.type === "allowed" ? choice.names : choice?.type === "tool" ? [choice.name] : undefined;
  return names === undefined ? tools : tools.filter((tool) => "name" in tool && names.includes(tool.name));
}

/** Descriptions by name. */
function toolsOf(request: ChatRequest): Json | undefined {
  const named = usable(request).flatMap((tool): [string, Json][] =>
    tool.type === "function" || tool.type === "custom" ? [[tool.name, tool.description ?? ""]] : [],
  );
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** Schemas by name. */
function parametersOf(request: ChatRequest): Json | undefined {
  const schemas = usable(request).flatMap((tool): [string, Json][] =>
    tool.type === "function" ? [[tool.name, tool.parameters ?? null]] : [],
  );
  return schemas.length === 0 ? undefined : Object.fromEntries(schemas);
}

/** State that only its maker reads. */
function stateOf({ items }: ChatRequest): Json | undefined {
  const state = items.flatMap((item) => {
    const parts = "content" in item ? item.content : [];
    return [item, ...parts].flatMap((it) => ("opaque" in it && it.opaque !== undefined ? [it.opaque.value] : []));
  });
  return state.length === 0 ? undefined : state;
}

/** What only one dialect knows, by its note. */
function foreignOf(request: ChatRequest): Json | undefined {
  const { items } = request;
  const values = [...items, ...items.flatMap((item) => ("content" in item ? item.content : [])), ...usable(request)];
  const notes = values.flatMap((it): Json[] => (it.type === "opaque" ? [it.value] : []));
  return notes.length === 0 ? undefined : notes;
}

function searchesOf(request: ChatRequest): Json | undefined {
  return unless(
    usable(request).some(({ type }) => type === "web_search"),
    false,
  );
}

function formatOf({ responseFormat: format }: ChatRequest): Json | undefined {
  if (format === undefined || format.type === "text") return undefined;
  return format.type === "json_object" ? format.type : [format.type, format.schema];
}

/** That something must be called, and which: to force one tool is to leave no other. */
function choiceOf(request: ChatRequest): Json | undefined {
  const { toolChoice: choice } = request;
  const mode = choice?.type === "allowed" ? choice.mode : choice?.type;
  if (choice === undefined || mode === "auto") return undefined;
  if (mode === "none" || mode === "opaque") return mode;
  return ["required", usable(request).flatMap((tool) => ("name" in tool ? [tool.name] : []))];
}

/** Of no interest where nothing may be called. */
function parallelOf({ tools, toolChoice, parallelToolCalls }: ChatRequest): Json | undefined {
  return tools.length === 0 || toolChoice?.type === "none" ? undefined : unless(parallelToolCalls, true);
}

/** An effort and a budget both ask for reasoning; how much, only the same wire can say. */
function reasoningOf({ reasoning }: ChatRequest): Json | undefined {
  const isOff = reasoning === undefined || reasoning.effort === "none" || reasoning.budgetTokens === 0;
  return isOff || (reasoning.effort ?? reasoning.budgetTokens) === undefined ? undefined : true;
}

/** Marks within a result are one: everything up to its end is worth keeping. */
function markersOf(request: ChatRequest): Json | undefined {
  const isMarked = (it: unknown): boolean => (it as { cache?: unknown }).cache !== undefined;
  const ofItems = request.items.map((item) => {
    const within = "content" in item ? item.content.filter(isMarked).length : 0;
    if (item.type === "tool_result") return isMarked(item) || within > 0 ? 1 : 0;
    return within + (isMarked(item) ? 1 : 0);
  });
  const ofParts = [...ofItems, ...usable(request).map((tool) => (isMarked(tool) ? 1 : 0))].reduce((a, b) => a + b, 0);
  // A mark of the whole request is one at its end, where another may stand.
  return unless(ofParts === 0 && isMarked(request) ? 1 : ofParts, 0);
}

const MESSAGES_OR_REASONING = /messages|items\[|input\[|content|reasoning|tool_calls/;
const MESSAGES_OR_TOOLS = /messages|item|input\[|content|tools/;
const MESSAGES = /messages|items\[|input\[|content/;

/** What a request can say. */
export const ASPECTS: readonly Aspect[] = [
  { name: "instructions", read: (it) => turnsOf(it, ["system"]), words: /messages|role|response_format/ },
  { name: "turns", read: (it) => turnsOf(it, ["user", "assistant"]), words: MESSAGES },
  { name: "calls", read: callsOf, words: MESSAGES },
  { name: "results", read: resultsOf, words: /tool_result|messages|items\[|input\[/ },
  { name: "documents", read: documentsOf, words: MESSAGES },
  { name: "media", read: mediaOf, words: MESSAGES },
  { name: "thoughts", read: thoughtsOf, words: /reasoning|messages|items\[|input\[/ },
  {
    name: "failed calls",
    read: ({ items }) => unless(items.filter((item) => item.type === "tool_result" && item.isError).length, 0),
    words: /is_error|tool_result|items\[|messages/,
  },
  {
    name: "names",
    read: ({ items }) => unless(items.filter((item) => item.type === "message" && item.name !== undefined).length, 0),
    words: /name|messages/,
    message: /name/,
  },
  {
    name: "cache markers",
    read: markersOf,
    words: /cache_control|^tools$/,
    holds: atLeast,
  },
  { name: "state", read: stateOf, words: MESSAGES_OR_REASONING, message: /reasoning|state|signature/ },
  { name: "what one dialect knows", read: foreignOf, words: MESSAGES_OR_TOOLS },
  { name: "web search", read: searchesOf, words: /tools/ },
  { name: "tools", read: toolsOf, words: /tools/, holds: includes },
  { name: "parameters", read: parametersOf, words: /tools/, holds: includes },
  { name: "tool choice", read: choiceOf, words: /tool_choice|tools/ },
  { name: "parallel calls", read: parallelOf, words: /parallel_tool_calls|tools/ },
  { name: "format", read: formatOf, words: /response_format/ },
  { name: "reasoning", read: reasoningOf, words: /reasoning|thinking|effort/ },
  { name: "budget", read: (it) => unless(it.reasoning?.budgetTokens, 0), words: /reasoning|thinking|budget/ },
  { name: "output limit", read: (it) => it.maxOutputTokens, words: /max_tokens|max_output_tokens/ },
  { name: "temperature", read: (it) => it.temperature, words: /temperature/ },
  { name: "top p", read: (it) => it.topP, words: /top_p/ },
  { name: "top k", read: (it) => it.topK, words: /top_k/ },
  { name: "seed", read: (it) => it.seed, words: /seed/ },
  { name: "stop", read: (it) => it.stop, words: /stop/, holds: includes },
  { name: "presence penalty", read: (it) => unless(it.presencePenalty, 0), words: /presence_penalty/ },
  { name: "frequency penalty", read: (it) => unless(it.frequencyPenalty, 0), words: /frequency_penalty/ },
  { name: "candidates", read: (it) => unless(it.n, 1), words: /^n$/ },
  { name: "probabilities", read: (it) => unless(it.logprobs, false), words: /logprobs/ },
  { name: "alternatives", read: (it) => unless(it.topLogprobs, 0), words: /logprobs/ },
  { name: "bias", read: (it) => it.logitBias, words: /logit_bias/ },
  { name: "verbosity", read: (it) => unless(it.verbosity, "medium"), words: /verbosity/ },
  { name: "service tier", read: (it) => unless(it.serviceTier, "auto", "default"), words: /service_tier/ },
  { name: "cache key", read: (it) => it.promptCacheKey, words: /prompt_cache_key/ },
  { name: "end user", read: (it) => it.endUser, words: /user/ },
  { name: "metadata", read: (it) => it.metadata, words: /metadata/ },
  { name: "store", read: (it) => unless(it.store, false), words: /store/ },
];
