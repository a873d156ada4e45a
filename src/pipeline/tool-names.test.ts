import { expect, test } from "bun:test";
import type { StreamDecoder } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import type { ChatRequest, Item } from "../canonical/request.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { NameDecoder, refusedNames, renameTools, restoreNames } from "./tool-names.ts";

const LONG = `mcp__plugin_studio_analytics__${"get_video_".repeat(6)}`;
const DOTTED = "files.read";
const SENT = /^[a-zA-Z0-9_-]{1,64}$/;

const call = (name: string): Item => ({ type: "tool_call", callId: "c", name, kind: "function", arguments: "{}" });

function request(names: readonly string[]): ChatRequest {
  const tools = names.map((name) => ({ type: "function" as const, name }));
  const items: Item[] = [call(names[0] ?? ""), { type: "tool_result", callId: "c", kind: "function", content: [] }];
  return { model: "m", stream: false, items, tools, extensions: {}, warnings: [] };
}

test("names that OpenAI's chat refuses are sent in a form that it takes, alike in all places, and come back", () => {
  const asked: ChatRequest = {
    ...request([LONG, DOTTED, "plain"]),
    toolChoice: { type: "allowed", names: [DOTTED, "plain"], mode: "auto" },
  };
  const names = refusedNames(asked, "gemini", "openai-chat") ?? new Map<string, string>();
  expect([...names.values()]).toEqual([LONG, DOTTED]);
  const sent = renameTools(asked, names);
  const [long = "", dotted = "", plain = ""] = sent.tools.map((tool) => ("name" in tool ? tool.name : ""));
  expect([long, dotted]).toEqual([expect.stringMatching(SENT), expect.stringMatching(SENT)]);
  expect(plain).toBe("plain");
  expect(sent.items[0]).toMatchObject({ name: long });
  expect(sent.toolChoice).toEqual({ type: "allowed", names: [dotted, "plain"], mode: "auto" });
  expect(renameTools({ ...asked, toolChoice: { type: "tool", name: LONG } }, names).toolChoice).toMatchObject({
    name: long,
  });
  const candidate = { index: 0, items: [call(long), call("plain")], finishReason: "tool_calls" as const };
  const response = { id: "", model: "", createdAt: 0, candidates: [candidate] };
  restoreNames(response, names);
  expect(response.candidates[0]?.items).toEqual([call(LONG), call("plain")]);
});

test("a stream has the client's names, too", () => {
  const names = new Map([["short", LONG]]);
  const start = (index: number, name: string): StreamPart => ({
    type: "item_start",
    index,
    candidate: 0,
    kind: "tool_call",
    name,
  });
  const inner: StreamDecoder = {
    push: (_frame, out) => void out.push(start(0, "short"), start(1, "other")),
    finish: (out) => void out.push(start(2, "short")),
  };
  const decoder = new NameDecoder(inner, names);
  const out: StreamPart[] = [];
  decoder.push({ event: "", data: "" }, out);
  decoder.finish(out);
  expect(out).toEqual([start(0, LONG), start(1, "other"), start(2, LONG)]);
});

test("names stay as they are where they are taken", () => {
  expect(refusedNames(request(["plain", "with-dash_1"]), "gemini", "openai-chat")).toBeNull();
  expect(refusedNames(request([LONG]), "anthropic-messages", "openai-responses")).toBeNull();
  expect(refusedNames(request([LONG]), "openai-chat", "openai-chat")).toBeNull();
  expect(refusedNames(request([DOTTED, "_a:b"]), "openai-chat", "gemini")).toBeNull();
  expect(refusedNames(request([LONG, DOTTED]), "gemini", "ollama")).toBeNull();
});

test.each<[DialectName, RegExp, string[]]>([
  ["anthropic-messages", /^[a-zA-Z0-9_-]{1,128}$/, [DOTTED, "a/b", "x".repeat(129)]],
  ["bedrock-converse", /^[a-zA-Z0-9_-]{1,64}$/, [DOTTED, LONG]],
  ["gemini", /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/, ["9lives", "-x", "a/b", LONG]],
  ["openai-responses", /^[a-zA-Z0-9_-]{1,128}$/, [DOTTED, "x".repeat(129)]],
])("%s gets names as it takes them, each its own", (wire, taken, names) => {
  const found = refusedNames(request([...names, "plain"]), "ollama", wire) ?? new Map<string, string>();
  expect([...found.values()]).toEqual(names);
  for (const sent of found.keys()) expect(sent).toMatch(taken);
});
