import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { encode, END, eventsOf, replyTo, START } from "./fixtures/stream-parts.ts";
import { openaiResponses } from "./index.ts";
import { flatName } from "./namespaces.ts";

const NAMESPACE = {
  type: "namespace",
  name: "mcp__demo",
  description: "Tools of a server",
  tools: [
    { type: "function", name: "add", description: "adds", parameters: { type: "object" }, strict: false },
    { type: "custom", name: "sql", defer_loading: true },
  ],
};
const NAMED = { type: "function_call", call_id: "c1", namespace: "mcp__demo", name: "add", arguments: "{}" };
const BODY: JsonObject = { model: "m", input: [NAMED], tools: [NAMESPACE, { type: "function", name: "other" }] };

test("each tool of a namespace is one of its own for other dialects", () => {
  const { tools, items } = openaiResponses.decodeRequest({ body: BODY });
  expect(tools).toMatchObject([
    { type: "function", name: "mcp__demo__add", description: "adds", parameters: { type: "object" }, strict: false },
    { type: "custom", name: "mcp__demo__sql" },
    { type: "function", name: "other" },
  ]);
  expect(items).toMatchObject([{ type: "tool_call", name: "mcp__demo__add" }]);
});

test("a namespace that no tool stands in says nothing to other dialects", () => {
  const { items } = openaiResponses.decodeRequest({ body: { ...BODY, input: [{ ...NAMED, namespace: "add" }] } });
  expect(items).toMatchObject([{ type: "tool_call", name: "add" }]);
});

test("a namespace and its calls go back as they came", () => {
  const twice = { ...BODY, tools: [NAMESPACE, { type: "function", name: "other" }, { ...NAMESPACE }] };
  const request = openaiResponses.decodeRequest({ body: twice });
  const { body } = openaiResponses.encodeRequest(request, { model: "m", warnings: [], flags: {} });
  expect(body).toEqual(twice);
});

test.each<JsonObject>([
  { type: "namespace", name: "n", tools: [] },
  { type: "namespace", name: "n", tools: [{ type: "function" }] },
  { type: "namespace", name: "n", tools: [{ type: "mcp", name: "x" }] },
  { type: "namespace", tools: [{ type: "function", name: "x" }] },
])("%p stays as it is", (tool) => {
  expect(openaiResponses.decodeRequest({ body: { ...BODY, tools: [tool] } }).tools).toEqual([
    { type: "opaque", dialect: "openai-responses", value: tool },
  ]);
});

test("a call of such a tool comes back by the names that the client knows", () => {
  const call = (name: string): ToolCallItem => ({
    type: "tool_call",
    callId: name,
    name,
    kind: "function",
    arguments: "{}",
  });
  const items = [call("mcp__demo__add"), call("other")];
  const candidate = { index: 0, items, finishReason: "tool_calls" as const };
  const response = openaiResponses.encodeResponse(
    { id: "", model: "", createdAt: 0, candidates: [candidate] },
    replyTo(BODY),
  );
  const [namespaced, plain] = response.output as JsonObject[];
  expect(namespaced).toMatchObject({ type: "function_call", namespace: "mcp__demo", name: "add" });
  expect(plain).toMatchObject({ name: "other" });
  expect(plain).not.toHaveProperty("namespace");
  expect(response.tools).toEqual(BODY.tools ?? []);
});

test("a stream names it so in every event", () => {
  const parts: StreamPart[] = [
    START,
    { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "c", name: "mcp__demo__add" },
    { type: "tool_delta", index: 0, text: "{}" },
    { type: "item_end", index: 0 },
    { type: "finish", candidate: 0, reason: "tool_calls" },
    END,
  ];
  const events = eventsOf(encode(parts, BODY));
  const named = { namespace: "mcp__demo", name: "add" };
  for (const type of ["response.output_item.added", "response.output_item.done"])
    expect(events.find((event) => event.type === type)).toMatchObject({ item: named });
  expect(events.find((event) => event.type === "response.function_call_arguments.done")).toMatchObject({ name: "add" });
  expect(events.at(-1)).toMatchObject({ response: { output: [named] } });
});

test("the one name is short enough for every dialect, and of one tool only", () => {
  expect(flatName({ namespace: "mcp__demo__", name: "add" })).toBe("mcp__demo__add");
  const long = ["a", "b"].map((end) => flatName({ namespace: "n".repeat(60), name: `tool_${end}` }));
  expect(long.map((name) => name.length)).toEqual([64, 64]);
  expect(new Set(long).size).toBe(2);
});
