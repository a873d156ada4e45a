import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Warning } from "../../canonical/warning.ts";
import { embeddings } from "./embeddings/index.ts";
import { ollama } from "./index.ts";

const decode = (body: JsonObject): ChatRequest => ollama.decodeRequest({ body });

function encode(request: ChatRequest): { path: string; body: JsonObject; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const { path, body } = ollama.encodeRequest(request, { model: "m", warnings, flags: {} });
  return { path, body: JSON.parse(JSON.stringify(body)) as JsonObject, warnings };
}

function decodeLines(lines: readonly string[]): StreamPart[] {
  const decoder = ollama.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const data of lines) decoder.push({ event: "", data }, parts);
  decoder.finish(parts);
  return parts;
}

const user: ChatRequest["items"] = [{ type: "message", role: "user", content: [{ type: "text", text: "Hi" }] }];
const request = (more: Partial<ChatRequest>): ChatRequest => ({
  model: "m",
  stream: false,
  items: user,
  tools: [],
  extensions: {},
  warnings: [],
  ...more,
});

describe("requests", () => {
  test("stream unless they say otherwise", () => {
    const messages = [{ role: "user", content: "Hi" }];
    expect(decode({ model: "m", messages }).stream).toBe(true);
    expect(decode({ model: "m", messages, stream: null }).stream).toBe(true);
    expect(decode({ model: "m", messages, stream: false }).stream).toBe(false);
    expect(encode(request({ stream: true })).body).toMatchObject({ stream: true });
    expect(encode(request({})).body).toMatchObject({ stream: false });
  });

  test("to generate go there again, whole", () => {
    const body = {
      model: "m",
      prompt: "def f(",
      suffix: "return 1",
      system: "Write code.",
      images: ["aGk="],
      template: "{{ .Prompt }}",
      raw: true,
      context: [1, 2],
      keep_alive: "5m",
      options: { num_ctx: 4096, temperature: 0.5, num_predict: -1 },
      stream: true,
    };
    const decoded = decode(body);
    expect(decoded).toMatchObject({ relayPath: "/api/generate", suffix: "return 1", temperature: 0.5 });
    expect(decoded.maxOutputTokens).toBeUndefined();
    expect(encode(decoded)).toEqual({ path: "/api/generate", body, warnings: [] });
  });

  test("with text to follow are filled in by /api/generate", () => {
    const { path, body } = encode(request({ suffix: "!" }));
    expect({ path, body }).toEqual({
      path: "/api/generate",
      body: { model: "m", prompt: "Hi", suffix: "!", stream: false },
    });
  });

  test("find the calls of results that name the tool only", () => {
    const call = (name: string): JsonObject => ({ function: { name, arguments: { a: 1 } } });
    const body = {
      model: "m",
      messages: [
        { role: "assistant", content: "", tool_calls: [call("one"), call("two")] },
        { role: "tool", tool_name: "two", content: "2" },
        { role: "tool", content: "1" },
      ],
      stream: false,
    };
    const decoded = decode(body);
    expect(decoded.items).toMatchObject([
      { type: "tool_call", callId: "call_1", name: "one", arguments: '{"a":1}' },
      { type: "tool_call", callId: "call_2", name: "two" },
      { type: "tool_result", callId: "call_2", name: "two" },
      { type: "tool_result", callId: "call_1", name: "one" },
    ]);
    expect(encode(decoded).body).toEqual(body);
  });

  test.each([
    [true, { budgetTokens: -1 }],
    [false, { effort: "none" }],
    ["max", { effort: "max" }],
  ])("think %p", (think, reasoning) => {
    const decoded = decode({ model: "m", messages: [{ role: "user", content: "Hi" }], think });
    expect(decoded.reasoning).toEqual(reasoning as never);
    expect(encode(decoded)).toMatchObject({ body: { think }, warnings: [] });
  });

  test.each([
    ["minimal", "low"],
    ["xhigh", "high"],
  ] as const)("effort %s becomes %s, with a warning", (effort, think) => {
    const { body, warnings } = encode(request({ reasoning: { effort } }));
    expect(body.think).toBe(think);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "reasoning.effort" }]);
  });

  test("arguments that are no object go as a text of one, with a warning", () => {
    const call = { type: "tool_call", callId: "c", name: "f", kind: "function", arguments: "[1" } as const;
    const { body, warnings } = encode(request({ items: [...user, call] }));
    expect(JSON.stringify(body)).toContain('"arguments":{"input":"[1"}');
    expect(warnings).toMatchObject([{ code: "changed_field" }]);
    expect(encode(request({ items: [...user, { ...call, kind: "custom" }] })).warnings).toEqual([]);
  });

  test.each([
    [{ model: "" }, "model"],
    [{ model: "m", stream: "yes" }, "stream"],
    [{ model: "m", messages: "Hi" }, "messages"],
    [{ model: "m", messages: [{ content: "Hi" }] }, "messages[0].role"],
    [{ model: "m", messages: [{ role: "user", content: [] }] }, "messages[0].content"],
    [{ model: "m", messages: [{ role: "user", content: "", images: [1] }] }, "messages[0].images[0]"],
    [{ model: "m", prompt: 1 }, "prompt"],
  ])("%j is refused for its %s", (body, param) => {
    let refused: unknown;
    try {
      decode(body);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(GatewayError);
    expect(refused).toMatchObject({ code: "invalid_request", fields: { param } });
  });
});

describe("answers", () => {
  const head = { model: "m", created_at: "2025-10-09T08:53:20Z" };

  test("of generate come out for its clients", () => {
    const body = { ...head, response: "Hi", thinking: "Greet.", done: true, done_reason: "stop", context: [1] };
    const reply = {
      requestId: "req_1",
      model: "m",
      createdAt: 1,
      request: decode({ model: "m", prompt: "Hello" }),
    };
    expect(ollama.encodeResponse(ollama.decodeResponse(body), reply)).toEqual(body);
  });

  test("without a reason to stop have stopped", () => {
    const body = { ...head, message: { role: "assistant", content: "Hi" }, done: true };
    expect(ollama.decodeResponse(body).candidates[0]).toMatchObject({ finishReason: "stop" });
  });

  test("with an error are one", () => {
    expect(() => ollama.decodeResponse({ error: "out of memory" })).toThrow("out of memory");
    expect(() => ollama.decodeResponse({ status: "ok" })).toThrow(GatewayError);
  });
});

describe("streams", () => {
  const line = (body: object): string => JSON.stringify({ model: "m", created_at: "2025-10-09T08:53:20Z", ...body });

  test("without their last line are truncated", () => {
    const parts = decodeLines([line({ message: { role: "assistant", content: "Hi" }, done: false })]);
    expect(parts.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_truncated" } });
  });

  test("end with the error that they bring", () => {
    const parts = decodeLines([line({ response: "Hi", done: false }), JSON.stringify({ error: "broken" })]);
    expect(parts.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_error", message: "broken" } });
    expect(parts.filter(({ type }) => type === "error")).toHaveLength(1);
  });

  test("of cached prompts count what they say", () => {
    const parts = decodeLines([line({ message: { content: "" }, done: true, eval_count: 3 })]);
    expect(parts.find(({ type }) => type === "usage")).toMatchObject({ usage: { inputTokens: 0, outputTokens: 3 } });
  });
});

describe("embeddings", () => {
  const target = (): { model: string; warnings: Warning[]; flags: object } => ({ model: "m", warnings: [], flags: {} });
  const answer = (body: object) => ({
    contentType: "application/json",
    bytes: Buffer.from(JSON.stringify(body)),
    json: () => JSON.parse(JSON.stringify(body)),
  });

  test("of one text and of many", () => {
    for (const input of ["one", ["one", "two"]]) {
      const body = { model: "m", input, truncate: false, dimensions: 2, keep_alive: "5m" };
      const decoded = embeddings.decodeRequest({ body, form: null });
      expect(embeddings.encodeRequest(decoded, target())).toEqual({
        path: "/api/embed",
        body: { json: body },
        headers: {},
      });
    }
  });

  test("for clients of either endpoint", () => {
    const read = embeddings.decodeResponse(
      answer({ model: "m", embeddings: [[0.5, 1]], prompt_eval_count: 4 }),
      embeddings.decodeRequest({ body: { model: "m", input: "one" }, form: null }),
    );
    expect(read).toMatchObject({ vectors: [[0.5, 1]], usage: { inputTokens: 4 } });
    const written = (body: JsonObject): unknown => {
      const decoded = embeddings.decodeRequest({ body, form: null });
      const { body: text } = embeddings.encodeResponse(read, { requestId: "r", createdAt: 1, request: decoded });
      return JSON.parse(String(text));
    };
    expect(written({ model: "m", input: "one" })).toEqual({
      model: "m",
      embeddings: [[0.5, 1]],
      prompt_eval_count: 4,
    });
    expect(written({ model: "m", prompt: "one" })).toEqual({ embedding: [0.5, 1] });
  });

  test("are refused for what they cannot hold", () => {
    expect(() => embeddings.decodeRequest({ body: { model: "m", input: [1, 2] }, form: null })).toThrow("input");
    const tokens = { model: "m", stream: false, inputs: [{ type: "tokens" as const, tokens: [1] }], isSingle: true };
    const asked = { ...tokens, extensions: {}, warnings: [] };
    expect(() => embeddings.encodeRequest(asked, target())).toThrow("token ids");
    expect(() => embeddings.decodeResponse(answer({ embeddings: ["x"] }), asked)).toThrow(GatewayError);
  });
});
