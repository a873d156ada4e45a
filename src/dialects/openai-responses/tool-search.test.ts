import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { encode, END, eventsOf, replyTo, START } from "./fixtures/stream-parts.ts";
import { openaiResponses } from "./index.ts";

const SEARCH = {
  type: "tool_search",
  execution: "client",
  description: "Finds tools",
  parameters: { type: "object", properties: { query: { type: "string" } } },
};
const FOUND = [
  { type: "namespace", name: "mcp__demo", description: "", tools: [{ type: "function", name: "add", strict: false }] },
  { type: "function", name: "other" },
];
const BODY: JsonObject = {
  model: "m",
  input: [
    { type: "tool_search_call", call_id: "c1", execution: "client", status: "completed", arguments: { query: "sums" } },
    { type: "tool_search_output", call_id: "c1", execution: "client", status: "completed", tools: FOUND },
    { type: "function_call", call_id: "c2", namespace: "mcp__demo", name: "add", arguments: "{}" },
  ],
  tools: [SEARCH, { type: "function", name: "other" }],
};

test("a search that the caller runs is a function for other dialects, with what it found among the tools", () => {
  const { tools, items } = openaiResponses.decodeRequest({ body: BODY });
  expect(tools).toMatchObject([
    { type: "function", name: "tool_search", description: "Finds tools", parameters: SEARCH.parameters },
    { type: "function", name: "other" },
    { type: "function", name: "mcp__demo__add" },
  ]);
  expect(items).toMatchObject([
    { type: "tool_call", callId: "c1", name: "tool_search", arguments: '{"query":"sums"}' },
    { type: "tool_result", callId: "c1", content: [{ type: "text", text: JSON.stringify(FOUND) }] },
    { type: "tool_call", name: "mcp__demo__add" },
  ]);
});

test("what a search cannot have found does no harm", () => {
  const [call] = BODY.input as JsonObject[];
  const output = {
    type: "tool_search_output",
    call_id: "c1",
    tools: [null, 1, {}, { type: "function" }, { name: "x" }],
  };
  const { tools } = openaiResponses.decodeRequest({ body: { model: "m", input: [call ?? {}, output] } });
  expect(tools).toEqual([]);
});

test("it goes back as it came", () => {
  const request = openaiResponses.decodeRequest({ body: BODY });
  const { body } = openaiResponses.encodeRequest(request, { model: "m", warnings: [], flags: {} });
  expect(body).toEqual(BODY);
});

test("an id that this gateway gave it stays behind", () => {
  const call = { type: "tool_search_call", call_id: "c1", execution: "client", arguments: {} };
  const wire = { model: "m", input: [{ ...call, id: "tsc_tl_respreq1_0" }] };
  const request = openaiResponses.decodeRequest({ body: wire });
  const { body } = openaiResponses.encodeRequest(request, { model: "m", warnings: [], flags: {} });
  expect(body.input).toEqual([call]);
});

test("a search that the vendor runs stays as it is", () => {
  const tool = { type: "tool_search" };
  const call = { type: "tool_search_call", call_id: null, execution: "server", arguments: {} };
  const { tools, items } = openaiResponses.decodeRequest({ body: { model: "m", input: [call], tools: [tool] } });
  expect(tools).toEqual([{ type: "opaque", dialect: "openai-responses", value: tool }]);
  expect(items).toMatchObject([{ type: "opaque", value: call }]);
});

const ASKED = { type: "tool_search_call", call_id: "c", execution: "client", arguments: { query: "a" } };

test("a call of it comes back as a search", () => {
  const call = { type: "tool_call", callId: "c", name: "tool_search", kind: "function", arguments: '{"query":"a"}' };
  const candidate = { index: 0, items: [call as never], finishReason: "tool_calls" as const };
  const answer = { id: "", model: "", createdAt: 0, candidates: [candidate] };
  expect(openaiResponses.encodeResponse(answer, replyTo(BODY)).output).toMatchObject([
    { ...ASKED, id: "tsc_tl_respreq1_0", status: "completed" },
  ]);
  expect(openaiResponses.encodeResponse(answer, replyTo({})).output).toMatchObject([{ type: "function_call" }]);
});

test("in a stream it comes whole", () => {
  const parts: StreamPart[] = [
    START,
    { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "c", name: "tool_search" },
    { type: "tool_delta", index: 0, text: '{"query":"a"}' },
    { type: "item_end", index: 0 },
    END,
  ];
  const events = eventsOf(encode(parts, BODY));
  expect(events.map(({ type }) => type)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(events[2]).toMatchObject({ item: { ...ASKED, status: "in_progress", arguments: {} } });
  expect(events[3]).toMatchObject({ item: { ...ASKED, status: "completed" } });
  expect(events[4]).toMatchObject({ response: { output: [ASKED] } });
});
