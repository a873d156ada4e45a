import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import { cohere } from "./index.ts";

const REPLY = {
  requestId: "req_1",
  model: "asked",
  createdAt: 0,
  request: cohere.decodeRequest({ body: { model: "asked", messages: [] } }),
};

const failureOf = (body: Json): unknown => {
  try {
    return cohere.decodeResponse(body);
  } catch (error) {
    return error;
  }
};

describe("a whole answer", () => {
  test("comes out as it went in", () => {
    const body = {
      id: "c1",
      message: {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm." },
          { type: "text", text: "Paris." },
        ],
        tool_plan: "I will look.",
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        citations: [{ start: 0, end: 5, text: "Paris", sources: [{ type: "document", id: "a" }], content_index: 1 }],
      },
      finish_reason: "TOOL_CALL",
      usage: { billed_units: { input_tokens: 1, output_tokens: 2 }, tokens: { input_tokens: 501, output_tokens: 5 } },
      logprobs: [{ text: "Paris", token_ids: [1], logprobs: [-0.5] }],
      further: true,
    };
    expect(cohere.encodeResponse(cohere.decodeResponse(body), REPLY)).toEqual(body);
  });

  test("that failed is the error that it stands for", () => {
    const message = { role: "assistant", content: [] };
    expect(failureOf({ id: "x", message, finish_reason: "ERROR" })).toMatchObject({ code: "upstream_error" });
    expect(failureOf({ id: "x", message, finish_reason: "TIMEOUT" })).toMatchObject({ code: "upstream_timeout" });
    expect(failureOf({ message: "no" })).toMatchObject({ code: "upstream_error", message: "no" });
    for (const body of [null, [], {}, { message: null }]) {
      expect(failureOf(body)).toMatchObject({ code: "provider_protocol_error" });
    }
  });
});

describe("errors", () => {
  test.each<[Json, string]>([
    [{ id: "e1", message: "invalid api token" }, "invalid api token"],
    [{ error: { message: "overloaded" } }, "overloaded"],
    [{ error: "no such model" }, "no such model"],
    [{ detail: "not found" }, "not found"],
    ["upstream connect error", "upstream connect error"],
    ["<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"],
    [{}, "HTTP 502"],
    [[{ message: "in a list" }], "in a list"],
  ])("%p", (body, message) => {
    expect(cohere.decodeError(502, body)).toMatchObject({ status: 502, message });
  });

  test("for clients have the upstream's words and id, and our code", () => {
    const upstream = cohere.decodeError(429, { id: "e1", message: "slow down" });
    const error = new GatewayError("upstream_rate_limited", "provider cohere: slow down", { upstream });
    expect(cohere.encodeError(error)).toEqual({
      status: 429,
      body: { id: "e1", message: "slow down", code: "upstream_rate_limited" },
    });
  });
});
