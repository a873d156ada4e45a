import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../src/canonical/json.ts";
import { dialects } from "../../src/compose/dialects.ts";

/**
 * Requests that are cheap to send and must be cheap to read and to write for any dialect. Work that grows with the square of
 * them runs into the time limit of a test, and a walk in circles for ever.
 */
const LONG = 1_000_000;
const MANY = 100_000;

const TEXTS: Readonly<Record<string, string>> = {
  "line ends": `${"\n".repeat(LONG)}x`,
  "spaces inside": `x${" ".repeat(LONG)}x`,
  tags: "<think>".repeat(LONG / 10),
  "open tags": "<".repeat(LONG),
  fences: "`".repeat(LONG),
  quotes: '"'.repeat(LONG),
  backslashes: "\\".repeat(LONG),
  braces: "{".repeat(LONG),
  "a data URL without end": `data:${"a".repeat(LONG)}`,
  "a data URL of encodings": `data:${";base64".repeat(LONG / 10)}`,
  digits: "1".repeat(LONG),
  dots: ".".repeat(LONG),
  slashes: "/".repeat(LONG),
};

const user = (content: Json): JsonObject => ({ role: "user", content });
const tool = (name: string, parameters: Json = { type: "object" }): JsonObject => ({
  type: "function",
  function: { name, parameters },
});
const calling = (...calls: JsonObject[]): JsonObject => ({ role: "assistant", tool_calls: calls });
const call = (id: string, name = "f", text = "{}"): JsonObject => ({
  id,
  type: "function",
  function: { name, arguments: text },
});
const result = (id: string, content = "r"): JsonObject => ({ role: "tool", tool_call_id: id, content });
const list = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const withSchema = (parameters: Json): JsonObject => ({ messages: [user("x")], tools: [tool("f", parameters)] });

const PLACES: Readonly<Record<string, (text: string) => JsonObject>> = {
  words: (text) => ({ messages: [user(text), { role: "assistant", content: text }, user(text)] }),
  "the end": (text) => ({ messages: [user("x"), { role: "assistant", content: text }] }),
  instructions: (text) => ({ messages: [{ role: "system", content: text }, user("x")] }),
  thoughts: (text) => ({
    messages: [user("x"), { role: "assistant", content: "y", reasoning_content: text }, user("z")],
  }),
  arguments: (text) => ({
    messages: [user("x"), calling(call("c", "f", text)), result("c", text)],
    tools: [tool("f")],
  }),
  ids: (text) => ({ messages: [user("x"), calling(call(text)), result(text)], tools: [tool("f")] }),
  names: (text) => ({ messages: [user("x"), calling(call("c", text)), result("c")], tools: [tool(text)] }),
  images: (text) => ({ messages: [user([{ type: "image_url", image_url: { url: text } }])] }),
  files: (text) => ({ messages: [user([{ type: "file", file: { filename: text, file_data: text } }])] }),
  sounds: (text) => ({ messages: [user([{ type: "input_audio", input_audio: { data: text, format: text } }])] }),
  schemas: (text) => withSchema({ properties: { a: { $ref: `#/${text}`, pattern: text, description: text } } }),
  options: (text) => ({ messages: [user("x")], user: text, stop: [text], reasoning_effort: text, service_tier: text }),
};

const CROWDS: Readonly<Record<string, JsonObject>> = {
  "messages of a user": { messages: list(MANY, () => user("x")) },
  instructions: { messages: [...list(MANY, () => ({ role: "system", content: "s" })), user("x")] },
  turns: { messages: list(MANY, (at) => ({ role: at % 2 === 0 ? "user" : "assistant", content: "x" })) },
  "calls of one id": {
    messages: [user("x"), calling(...list(MANY / 5, () => call("c"))), ...list(MANY / 5, () => result("c"))],
    tools: [tool("f")],
  },
  "results in reverse, with words between": {
    messages: [
      user("x"),
      calling(...list(MANY / 8, (at) => call(`c${at}`))),
      ...list(MANY / 8, (at) => [user("w"), result(`c${MANY / 8 - 1 - at}`)]).flat(),
    ],
    tools: [tool("f")],
  },
  "results of nothing": { messages: [user("x"), ...list(MANY, (at) => result(`c${at}`))] },
  "tools with names that have to change": { messages: [user("x")], tools: list(MANY / 5, (at) => tool(`f.${at}`)) },
  "tools that are allowed": {
    messages: [user("x")],
    tools: list(MANY / 8, (at) => tool(`f${at}`)),
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: {
        mode: "auto",
        tools: list(MANY / 8, (at) => ({ type: "function", function: { name: `f${at}` } })),
      },
    },
  },
  "variants of a schema": withSchema({
    anyOf: list(MANY / 4, (at) => ({ properties: { [`p${at}`]: {} }, required: [`p${at}`] })),
  }),
  "names that each of two variants demands": withSchema({
    anyOf: [{ required: list(MANY / 2, (at) => `p${at}`) }, { required: list(MANY / 2, (at) => `p${MANY - at}`) }],
  }),
  "parts of a schema": withSchema({
    properties: { a: { allOf: list(MANY / 4, (at) => ({ properties: { [`p${at}`]: {} }, required: [`p${at}`] })) } },
  }),
  "references to a large schema": withSchema({
    $defs: { l: { properties: Object.fromEntries(list(5000, (at) => [`k${at}`, { type: "string" }])) } },
    properties: Object.fromEntries(list(MANY / 5, (at) => [`p${at}`, { $ref: "#/$defs/l", description: "d" }])),
  }),
  "a schema of itself": withSchema({ $ref: "#", allOf: [{ $ref: "#" }, { $ref: "#" }] }),
};

/** What a body of this size may become: schemas are told twice where a vendor needs it. */
const MOST_GROWTH = 8;
const MOST_ADDED = 1_000_000;

/** That of Bedrock's text models is spoken to clients alone. */
const providers = [...dialects.values()].filter(({ name }) => name !== "bedrock-text");

describe.each(providers)("for $name", (dialect) => {
  const source = dialects.get("openai-chat");
  const model = { gemini: "gemini-2.5-flash", "bedrock-converse": "anthropic.claude-sonnet-4-5" };

  function translate(fields: JsonObject): void {
    const body = JSON.stringify({ model: "m", ...fields });
    const request = source?.decodeRequest({ body: JSON.parse(body) as JsonObject });
    if (request === undefined) throw new Error("no request");
    const name = (model as Record<string, string>)[dialect.name] ?? "claude-sonnet-4-5";
    const encoded = dialect.encodeRequest(request, { model: name, warnings: [], flags: {} });
    expect(JSON.stringify(encoded.body).length).toBeLessThan(body.length * MOST_GROWTH + MOST_ADDED);
  }

  test.each(Object.entries(PLACES))("long texts as %s", (_, place) => {
    for (const text of Object.values(TEXTS)) translate(place(text));
  });

  test.each(Object.entries(CROWDS))("very many %s", (_, fields) => translate(fields));
});
