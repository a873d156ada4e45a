import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import { anthropicMessages } from "./index.ts";

describe("decodeError", () => {
  test.each([
    ["Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing …", 402],
    ["You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.", 402],
    ['messages.0: unexpected "Your credit balance is too low"', 400],
  ])("400 %p means %p", (message, status) => {
    const body = { type: "error", error: { type: "invalid_request_error", message } };
    expect(anthropicMessages.decodeError(400, body)).toMatchObject({ status, message });
  });

  const cases: [string, Json, Record<string, unknown>][] = [
    [
      "the vendor's own",
      {
        type: "error",
        error: { type: "rate_limit_error", message: "slow", details: { error_code: "ramp_limit_exceeded" } },
        request_id: "r",
      },
      { type: "rate_limit_error", code: "ramp_limit_exceeded", message: "slow" },
    ],
    ["a string", { error: "model not loaded" }, { message: "model not loaded" }],
    [
      "a cloud host's",
      { error: { code: 404, message: "no such model", status: "NOT_FOUND" } },
      { type: "NOT_FOUND", code: "404", message: "no such model" },
    ],
    [
      "a list",
      [{ error: { code: 400, message: "bad", status: "INVALID_ARGUMENT" } }],
      { type: "INVALID_ARGUMENT", message: "bad" },
    ],
    ["message at the top", { message: "The security token is expired" }, { message: "The security token is expired" }],
    ["Message at the top", { Message: "denied", __type: "AccessDenied" }, { type: "AccessDenied", message: "denied" }],
    [
      "another family's",
      { error: { message: "m", type: "invalid_request_error", param: "tools", code: null } },
      { type: "invalid_request_error", param: "tools", message: "m" },
    ],
    [
      "a validation report",
      { detail: [{ loc: ["body", "messages", 0], msg: "field required" }] },
      { message: "body.messages.0: field required" },
    ],
    ["a detail", { detail: "Not found" }, { message: "Not found" }],
    ["an empty object", {}, { message: "HTTP 500" }],
    ["null", null, { message: "HTTP 500" }],
    ["an error that is null", { type: "error", error: null }, { message: "HTTP 500" }],
    ["text", " upstream connect error ", { message: "upstream connect error" }],
    [
      "a page",
      "<!doctype html><html><head><title> 502 Bad Gateway </title></head></html>",
      { message: "502 Bad Gateway" },
    ],
    ["a page without a title", "<html></html>", { message: "the upstream answered with a page instead of an error" }],
    ["nothing", "", { message: "HTTP 500" }],
  ];
  for (const [name, body, wanted] of cases) {
    test(name, () => {
      const { status, body: kept, ...fault } = anthropicMessages.decodeError(500, body);
      expect({ status, kept }).toEqual({ status: 500, kept: body });
      expect(fault).toMatchObject(wanted);
      if (wanted["type"] === undefined) expect(fault.type).toBeUndefined();
    });
  }
});

describe("encodeError", () => {
  const types: [ConstructorParameters<typeof GatewayError>[0], number, string][] = [
    ["invalid_request", 400, "invalid_request_error"],
    ["unauthenticated", 401, "authentication_error"],
    ["budget_exceeded", 402, "billing_error"],
    ["model_not_allowed", 403, "permission_error"],
    ["model_not_found", 404, "not_found_error"],
    ["method_not_allowed", 405, "invalid_request_error"],
    ["body_too_large", 413, "request_too_large"],
    ["rate_limited", 429, "rate_limit_error"],
    ["internal_error", 500, "api_error"],
    ["upstream_error", 502, "api_error"],
    ["draining", 503, "overloaded_error"],
    ["deadline_exceeded", 504, "timeout_error"],
  ];
  for (const [code, status, type] of types) {
    test(code, () => {
      expect(anthropicMessages.encodeError(new GatewayError(code, "m"))).toEqual({
        status,
        body: { type: "error", error: { type, message: "m", code } },
      });
    });
  }

  test("details of limits and attempts", () => {
    const limit = { scope: "team:ml", metric: "usd", limit: 5, used: 6, reset_at: null } as const;
    const attempts = [{ provider: "p", model: "m", status: 500, code: "upstream_error", ms: 4 }] as const;
    const { body } = anthropicMessages.encodeError(
      new GatewayError("rate_limited", "m", { limit, attempts: [...attempts], param: "x" }),
    );
    expect(body["error"]).toMatchObject({ limit, attempts, param: "x" });
  });

  test("the upstream's words come first", () => {
    const body = {
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded", details: { error_code: "compaction_unavailable" } },
    };
    const upstream = anthropicMessages.decodeError(529, body);
    expect(
      anthropicMessages.encodeError(
        new GatewayError("upstream_error", "all attempts failed", { upstream, status: 529 }),
      ),
    ).toEqual({
      status: 529,
      body: {
        type: "error",
        error: {
          type: "overloaded_error",
          message: "Overloaded",
          details: { error_code: "compaction_unavailable" },
          code: "upstream_error",
        },
      },
    });
    const foreign = { status: 429, type: "insufficient_quota", message: "no quota" };
    expect(
      anthropicMessages.encodeError(new GatewayError("upstream_rate_limited", "x", { upstream: foreign })).body[
        "error"
      ],
    ).toEqual({
      type: "rate_limit_error",
      message: "no quota",
      code: "upstream_rate_limited",
    });
  });
});

describe("an answer that is none", () => {
  test("is a protocol error", () => {
    for (const body of [null, [], "x", {}, { content: "text" }, { type: "message", content: null }]) {
      expect(() => anthropicMessages.decodeResponse(body)).toThrow("not a message");
    }
  });
  test("or the error that it says", () => {
    let error: unknown;
    try {
      anthropicMessages.decodeResponse({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "upstream_error",
      message: "Overloaded",
      fields: { upstream: { status: 529 } },
    });
  });
  test("odd fields in an answer harm nothing", () => {
    const decoded = anthropicMessages.decodeResponse({
      content: [null, 3, { type: null }, { type: "text", text: null }, { type: "tool_use", id: 1 }],
      usage: "x",
      stop_reason: 4,
      stop_sequence: 5,
    });
    expect(decoded).toMatchObject({ id: "", model: "", candidates: [{ finishReason: "other" }] });
    expect(decoded.usage).toBeUndefined();
  });
});
