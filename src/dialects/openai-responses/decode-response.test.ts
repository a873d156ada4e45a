import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { countTokens } from "./count-tokens.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeResponse } from "./encode-response.ts";
import { decodeRequest } from "./decode-request.ts";

const reply = { requestId: "q", model: "asked", createdAt: 9, request: decodeRequest({ body: { model: "asked" } }) };

function answer(fields: JsonObject): JsonObject {
  return { id: "resp_1", object: "response", created_at: 4, model: "gpt", status: "completed", output: [], ...fields };
}

describe("decodeResponse", () => {
  test("why it ended", () => {
    const reasonOf = (fields: JsonObject): unknown => {
      const [candidate] = decodeResponse(answer(fields)).candidates;
      return [candidate?.finishReason, candidate?.rawFinishReason];
    };
    expect(reasonOf({})).toEqual(["stop", "completed"]);
    expect(reasonOf({ status: null })).toEqual(["stop", "completed"]);
    expect(reasonOf({ output: [{ type: "function_call", call_id: "c", name: "f", arguments: "{}" }] })).toEqual([
      "tool_calls",
      "completed",
    ]);
    expect(reasonOf({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } })).toEqual([
      "length",
      "max_output_tokens",
    ]);
    expect(reasonOf({ status: "incomplete", incomplete_details: { reason: "content_filter" } })).toEqual([
      "content_filter",
      "content_filter",
    ]);
    expect(reasonOf({ status: "incomplete", incomplete_details: null })).toEqual(["other", "incomplete"]);
    expect(reasonOf({ status: "queued" })).toEqual(["other", "queued"]);
  });

  const ENDS: JsonObject[] = [
    { status: "queued", incomplete_details: null },
    { status: "in_progress", incomplete_details: null },
    { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    { status: "incomplete", incomplete_details: { reason: "steered" } },
  ];
  for (const fields of ENDS) {
    test(`${JSON.stringify(fields)} comes back`, () => {
      expect(encodeResponse(decodeResponse(answer(fields)), reply)).toMatchObject(answer(fields));
    });
  }

  test("what is no answer", () => {
    const codeOf = (body: Json): unknown => {
      try {
        decodeResponse(body);
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return undefined;
    };
    expect(codeOf(null)).toBe("provider_protocol_error");
    expect(codeOf("text")).toBe("provider_protocol_error");
    expect(codeOf({ id: "x" })).toBe("provider_protocol_error");
    expect(codeOf({ error: { message: "m", code: "rate_limit_exceeded" } })).toBe("upstream_rate_limited");
    expect(codeOf(answer({ status: "failed", error: { code: "server_error", message: "m" } }))).toBe("upstream_error");
  });

  test("fields that are missing or of a wrong type read as empty", () => {
    const response = decodeResponse({
      output: [
        null,
        3,
        { type: "message", content: "as text" },
        { type: "function_call", name: 5, arguments: { a: 1 } },
        { type: "reasoning" },
      ],
      usage: { input_tokens: null, output_tokens: -3, input_tokens_details: 7 },
    });
    expect(response).toMatchObject({ id: "", model: "", createdAt: 0, usage: { inputTokens: 0, outputTokens: 0 } });
    expect(response.candidates[0]?.items).toMatchObject([
      { type: "message", role: "assistant", content: [{ text: "as text" }] },
      { type: "tool_call", callId: "call__1", name: "", arguments: '{"a":1}' },
      { type: "reasoning", summary: [], text: "" },
    ]);
    const wire = encodeResponse(response, reply);
    expect(wire).toMatchObject({ id: "resp_q", model: "asked", created_at: 9 });
    expect(JSON.stringify(wire)).not.toContain("$form");
  });

  test("log probabilities of all parts, in order", () => {
    const part = (token: string): JsonObject => ({
      type: "output_text",
      text: token,
      annotations: [],
      logprobs: [{ token, logprob: 0 }],
    });
    const wire = answer({
      output: [{ type: "message", id: "m", role: "assistant", status: "completed", content: [part("a"), part("b")] }],
    });
    const response = decodeResponse(wire);
    expect(response.candidates[0]?.logprobs).toEqual({
      content: [
        { token: "a", logprob: 0 },
        { token: "b", logprob: 0 },
      ],
    });
    expect(encodeResponse(response, reply).output).toEqual(wire.output);
  });

  test("what is not the model's saying stays as it is", () => {
    const output = [
      { type: "function_call_output", id: "fco", call_id: "c", output: "x", status: "completed" },
      { type: "message", id: "m", role: "user", content: [{ type: "input_text", text: "kept" }] },
      { type: "image_generation_call", id: "ig", result: "QUJD", status: "completed" },
    ];
    const response = decodeResponse(answer({ output }));
    expect(response.candidates[0]?.items.map((item) => item.type)).toEqual(["opaque", "opaque", "opaque"]);
    expect(encodeResponse(response, reply).output).toEqual(output);
  });
});

describe("usage", () => {
  const searches = (fields: JsonObject, usage: JsonObject = {}): number | undefined =>
    decodeResponse(answer({ usage: { input_tokens: 1, ...usage }, ...fields })).usage?.webSearches;

  test("web searches are counted by the provider, or by their calls", () => {
    const call = (type: string): JsonObject => ({ type: "web_search_call", action: { type } });
    expect(searches({ output: [call("search"), call("open_page"), { type: "web_search_call" }] })).toBe(2);
    expect(searches({ output: [call("search")], tool_usage: { web_search: { num_requests: 3 } } })).toBe(3);
    expect(searches({ output: [call("search")] }, { server_side_tool_usage_details: { web_search_calls: 0 } })).toBe(0);
  });

  test("every token is counted once", () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 30 },
      total_tokens: 150,
    };
    const response = decodeResponse(answer({ usage }));
    expect(response.usage).toMatchObject({
      inputTokens: 100,
      cachedInputTokens: 60,
      cacheWriteTokens: 10,
      outputTokens: 50,
      reasoningTokens: 30,
    });
    expect(encodeResponse(response, reply).usage).toEqual(usage);
  });
});

test("counting tokens sends only what that call takes", () => {
  const request = decodeRequest({
    body: {
      model: "a",
      input: "hi",
      instructions: "i",
      temperature: 1,
      store: false,
      stream: true,
      personality: "friendly",
    },
  });
  const { path, body } = countTokens.encodeRequest(request, { model: "gpt-5", warnings: [], flags: {} });
  expect(path).toBe("/responses/input_tokens");
  expect(body).toEqual({ model: "gpt-5", input: "hi", instructions: "i", personality: "friendly" });
  expect(countTokens.decodeResponse(countTokens.encodeResponse(12))).toBe(12);
  expect(() => countTokens.decodeResponse({})).toThrow("no token count");
});
