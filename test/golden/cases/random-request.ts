import type { JsonObject } from "../../../src/canonical/json.ts";
import type { Part, TextPart } from "../../../src/canonical/content.ts";
import type { ChatRequest, Item, MessageItem, Tool, ToolCallItem } from "../../../src/canonical/request.ts";
import { CHAT_DIALECTS, type ChatDialect } from "../../../src/canonical/names.ts";
import type { Opaque } from "../../../src/canonical/opaque.ts";
import type { Chooser } from "./random.ts";

/** State of some maker. Of calls only Gemini's are signed. */
function stateOf(it: Chooser, makers: readonly ChatDialect[] = CHAT_DIALECTS): { opaque?: Opaque } {
  if (!it.once(3)) return {};
  return { opaque: { maker: it.oneOf(makers), kind: it.oneOf(["signature", "encrypted"]), value: it.text("state") } };
}

/** Something that no dialect of chat can say. */
const strangeOf = (it: Chooser): { type: "opaque"; dialect: "vertex"; value: JsonObject } => ({
  type: "opaque",
  dialect: "vertex",
  value: { type: "strange_thing", note: it.text("note") },
});

/** Bytes of a picture or document that stand nowhere else. */
const bytesOf = (it: Chooser): string => Buffer.from(it.text("bytes")).toString("base64");

const textPart = (it: Chooser, kind: string): TextPart => ({
  type: "text",
  text: it.text(kind),
  ...(it.once(12) && { cache: it.oneOf([{}, { ttl: "1h" as const }]) }),
});

function mediaPart(it: Chooser): Part {
  const data = bytesOf(it);
  return it.oneOf<Part>([
    { type: "image", mediaType: "image/png", source: { type: "base64", data } },
    { type: "image", source: { type: "url", url: `https://example.com/${it.below(1e9)}.png` } },
    { type: "file", mediaType: "application/pdf", filename: "a.pdf", source: { type: "base64", data } },
    {
      type: "file",
      mediaType: "application/pdf",
      source: { type: "url", url: `https://example.com/${it.below(1e9)}.pdf` },
    },
    { type: "file", mediaType: "text/plain", source: { type: "text", text: it.text("document") } },
    { type: "audio", mediaType: "audio/wav", source: { type: "base64", data } },
    { type: "video", mediaType: "video/mp4", source: { type: "base64", data } },
  ]);
}

function userMessage(it: Chooser): MessageItem {
  const content: Part[] = it.several(1, 2, () => textPart(it, "user"));
  if (it.once(3)) content.push(mediaPart(it));
  if (it.once(12)) content.push(strangeOf(it));
  return { type: "message", role: "user", content, ...(it.once(10) && { name: "ann" }) };
}

function callOf(it: Chooser, tools: readonly Tool[], number: number): ToolCallItem {
  const known = tools.flatMap((tool) => (tool.type === "function" || tool.type === "custom" ? [tool] : []));
  const { name, type: kind } = known.length > 0 ? it.oneOf(known) : { name: "get_weather", type: "function" as const };
  const callId = `call_${number}_${it.below(1e6)}`;
  const value = it.text("argument");
  const text = kind === "custom" ? value : JSON.stringify({ q: value });
  return {
    type: "tool_call",
    callId,
    name,
    kind,
    arguments: text,
    ...(it.once(12) && { cache: {} }),
    ...stateOf(it, ["gemini"]),
  };
}

function turnOf(it: Chooser, tools: readonly Tool[], number: number): Item[] {
  const items: Item[] = [userMessage(it)];
  if (it.once(4))
    items.push({
      type: "reasoning",
      ...it.oneOf([
        { summary: [it.text("summary")], text: "" },
        { summary: [], text: it.text("thought") },
      ]),
      ...stateOf(it),
    });
  if (it.once(10)) items.push({ ...strangeOf(it), role: "assistant" });
  const isSilent = it.once(4);
  if (!isSilent) items.push({ type: "message", role: "assistant", content: [textPart(it, "assistant")] });
  if (!isSilent && !it.once(2)) return items;
  const calls = it.several(1, 3, (at) => callOf(it, tools, number * 10 + at));
  const results = calls.map(({ callId, name, kind }): Item => ({
    type: "tool_result",
    callId,
    kind,
    ...(it.once(2) && { name }),
    content: it.once(6) ? [textPart(it, "result"), mediaPart(it)] : [textPart(it, "result")],
    ...(it.once(5) && { isError: true }),
    ...(it.once(12) && { cache: {} }),
  }));
  return [...items, ...calls, ...results, { type: "message", role: "assistant", content: [textPart(it, "assistant")] }];
}

function toolOf(it: Chooser, at: number): Tool {
  const name = `tool_${at}`;
  const description = it.text("description");
  if (it.once(5)) return { type: "custom", name, description };
  if (it.once(10)) return strangeOf(it);
  if (it.once(10)) return { type: "web_search", dialect: "openai-responses", raw: { type: "web_search" } };
  const parameters: JsonObject = {
    type: "object",
    properties: { q: { type: "string", description: it.text("property") }, n: { type: "integer" } },
    required: ["q"],
    additionalProperties: false,
  };
  return {
    type: "function",
    name,
    description,
    parameters,
    ...(it.once(5) && { strict: true }),
    ...(it.once(8) && { cache: {} }),
  };
}

/** Settings, each in about one request of three. */
function settingsOf(it: Chooser, tools: readonly Tool[]): Partial<ChatRequest> {
  const names = tools.flatMap((tool) => ("name" in tool ? [tool.name] : []));
  const all: Partial<ChatRequest> = {
    maxOutputTokens: 2000 + it.below(1000),
    temperature: it.below(100) / 100,
    topP: (1 + it.below(98)) / 100,
    topK: 1 + it.below(60),
    seed: it.below(1e6),
    stop: it.several(1, 3, (at) => `STOP${at}`),
    presencePenalty: (1 + it.below(9)) / 10,
    frequencyPenalty: (1 + it.below(9)) / 10,
    n: 2 + it.below(2),
    logprobs: true,
    logitBias: { "50256": -100 },
    verbosity: it.oneOf(["low", "high"]),
    serviceTier: "flex",
    promptCacheKey: "key-1",
    endUser: "user-7",
    metadata: { team: "ml" },
    store: true,
    cache: {},
    reasoning: it.oneOf<NonNullable<ChatRequest["reasoning"]>>([
      { effort: it.oneOf(["minimal", "low", "medium", "high"]) },
      { effort: "none" },
      { budgetTokens: 1024 + it.below(500) },
      { effort: "high", summary: "detailed" },
    ]),
    responseFormat: it.oneOf<NonNullable<ChatRequest["responseFormat"]>>([
      { type: "json_object" },
      {
        type: "json_schema",
        name: "answer",
        schema: {
          type: "object",
          properties: { city: { type: "string", description: it.text("property") } },
          required: ["city"],
          additionalProperties: false,
        },
        strict: true,
      },
    ]),
  };
  if (names.length > 0) {
    const [name = ""] = names;
    const kind = tools[0]?.type === "custom" ? "custom" : "function";
    all.parallelToolCalls = false;
    all.toolChoice = it.oneOf<NonNullable<ChatRequest["toolChoice"]>>([
      { type: "none" },
      { type: "required" },
      { type: "tool", name, kind },
      { type: "allowed", names: names.slice(0, 1), mode: "auto" },
    ]);
  }
  if (it.once(3)) all.topLogprobs = 2;
  const chosen = Object.entries(all).filter(([key]) => (key === "topLogprobs" ? true : it.once(3)));
  const settings = Object.fromEntries(chosen) as Partial<ChatRequest>;
  if (settings.topLogprobs !== undefined) settings.logprobs = true;
  return settings;
}

/** A conversation that a client could have had, without a dialect of its own. */
export function randomRequest(it: Chooser): ChatRequest {
  const tools = it.once(2) ? it.several(1, 3, (at) => toolOf(it, at)) : [];
  const systems = it.several(0, 2, (): Item => ({
    type: "message",
    role: it.oneOf(["system", "system", "developer"]),
    content: [textPart(it, "system")],
  }));
  const turns = it.several(0, 3, (at) => turnOf(it, tools, at)).flat();
  return {
    model: "m",
    stream: it.once(2),
    warnings: [],
    items: [...systems, ...turns, userMessage(it)],
    tools,
    ...settingsOf(it, tools),
    extensions: {},
  };
}
