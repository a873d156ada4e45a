import { describe, expect, test } from "bun:test";
import type { Part } from "../../src/canonical/content.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { ChatRequest } from "../../src/canonical/request.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { FILE, loadExchanges, type Exchange } from "../e2e/recorded/exchanges.ts";
import { readArguments } from "../e2e/reading/reading.ts";
import { dialectNamed, MODELS, NAMES as ALL, WORDS_ONLY } from "./pairs.ts";

/** A request reduced to what every dialect must carry. */
interface Gist {
  system: string;
  /** Words by speaker, a speaker's in a row together. */
  turns: [role: string, text: string][];
  calls: [name: string, args: unknown][];
  results: string[];
  functions: string[];
  media: number;
}

/** Calls, results and media have no place in the others. */
const NAMES = ALL.filter((name) => !WORDS_ONLY.has(name));
const exchanges = loadExchanges();
if (exchanges.length === 0) test.skip(`no recorded exchanges at ${FILE}`, () => {});

function decode(dialect: ChatDialect, body: Exchange["request"], isStream: boolean): ChatRequest {
  const path = dialectNamed(dialect).modelInBody ? {} : { pathModel: "m", pathStream: isStream };
  return dialectNamed(dialect).decodeRequest({ body, ...path });
}

function gistOf({ items, tools }: ChatRequest): Gist {
  const gist: Gist = { system: "", turns: [], calls: [], results: [], functions: [], media: 0 };
  const said = (parts: readonly Part[]): string => {
    gist.media += parts.filter(({ type }) => type !== "text" && type !== "refusal" && type !== "opaque").length;
    return parts.map((part) => (part.type === "text" || part.type === "refusal" ? part.text : "")).join("");
  };
  for (const item of items) {
    if (item.type === "tool_call") gist.calls.push([item.name, readArguments(item.arguments)]);
    if (item.type === "tool_result") gist.results.push(said(item.content));
    if (item.type !== "message") continue;
    const text = said(item.content);
    if (item.role === "system" || item.role === "developer") gist.system += text;
    else if (gist.turns.at(-1)?.[0] === item.role)
      gist.turns[gist.turns.length - 1] = [item.role, (gist.turns.at(-1)?.[1] ?? "") + text];
    else if (text !== "") gist.turns.push([item.role, text]);
  }
  gist.functions = tools
    .flatMap((tool) => (tool.type === "function" ? [tool.name] : []))
    .toSorted((a, b) => (a < b ? -1 : 1));
  return gist;
}

/**
 * What the warnings admit: media of a tool result that go as a user message, media that a provider does not take, tools that
 * need not be declared where none may be called or that must be where they were called before, turns of white space.
 */
function admitted(gist: Gist, warnings: readonly Warning[]): Partial<Gist> {
  const has = (code: Warning["code"], name: string): boolean =>
    warnings.some((warning) => warning.code === code && warning.field.includes(name));
  const isDeclared = warnings.some(({ field, message }) => field === "tools" && message.includes("were declared"));
  const { system, calls, results, functions, media } = gist;
  const turns = gist.turns.filter(([, text]) => text.trim() !== "" || !warnings.some(isOfWhiteSpace));
  return {
    system,
    calls,
    ...(!has("changed_field", "tool_result.content") && { turns, results }),
    ...(!has("changed_field", "tool_choice") && !isDeclared && { functions }),
    ...(!has("dropped_content", "content[") && { media }),
  };
}

function isOfWhiteSpace({ message }: Warning): boolean {
  return message.includes("texts of white space only");
}

/** One text holds a conversation without its order, and nothing else. */
const TEXT_ALONE: ChatDialect = "openai-completions";

describe.if(exchanges.length > 0)("recorded requests say the same in every dialect", () => {
  for (const dialect of NAMES) {
    for (const provider of NAMES.filter((each) => each !== dialect && each !== TEXT_ALONE)) {
      test(`${dialect} → ${provider}`, () => {
        for (const { id, isStream, request } of exchanges.filter((exchange) => exchange.dialect === dialect)) {
          const warnings: Warning[] = [];
          const decoded = decode(dialect, structuredClone(request), isStream);
          const target = { model: MODELS[provider], warnings, flags: {}, maxOutputTokens: 64_000 };
          const { body } = dialectNamed(provider).encodeRequest(decoded, target);
          const again = decode(provider, JSON.parse(JSON.stringify(body)), isStream);
          expect({ id, ...admitted(gistOf(again), warnings) }).toEqual({ id, ...admitted(gistOf(decoded), warnings) });
        }
      });
    }
  }
});
