import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { gemini } from "./index.ts";

describe("errors", () => {
  const rate = {
    error: {
      code: 429,
      message: "Quota exceeded",
      status: "RESOURCE_EXHAUSTED",
      details: [
        { "@type": "type.googleapis.com/google.rpc.QuotaFailure" },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" },
      ],
    },
  };

  test.each([
    [429, rate, { status: 429, type: "RESOURCE_EXHAUSTED", code: "429", message: "Quota exceeded" }],
    [429, [rate], { status: 429, type: "RESOURCE_EXHAUSTED", message: "Quota exceeded" }],
    [
      400,
      {
        error: {
          code: 400,
          message: "API key not valid.",
          status: "INVALID_ARGUMENT",
          details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
        },
      },
      { status: 401, code: "API_KEY_INVALID" },
    ],
    [
      400,
      {
        error: {
          message: "bad",
          status: "INVALID_ARGUMENT",
          details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field: "contents" }] }],
        },
      },
      { param: "contents" },
    ],
    [401, { error: "invalid_grant", error_description: "expired" }, { type: "invalid_grant", message: "expired" }],
    [500, { message: "boom" }, { message: "boom" }],
    [502, "<html><head><title>502 Bad Gateway</title></head></html>", { message: "502 Bad Gateway" }],
    [503, "upstream connect error", { message: "upstream connect error" }],
    [500, null, { status: 500 }],
    [500, "", { message: "the provider answered 500" }],
    [400, { error: { message: null, details: "x" } }, { message: "the provider answered 400" }],
  ] as Array<[number, Json, object]>)("%d %j are read", (status, body, fault) => {
    expect(gemini.decodeError(status, body)).toMatchObject(fault);
  });

  test("have the form of google.rpc.Status, with our code and details", () => {
    const limit = { scope: "virtual_key:a", metric: "requests" as const, limit: 1, used: 1, reset_at: null };
    const attempts = [{ provider: "p", model: "m", status: 500, code: "upstream_error" as const, ms: 3 }];
    const { status, body } = gemini.encodeError(
      new GatewayError("rate_limited", "slow down", { limit, attempts, retryAfterMs: 1500, param: "model" }),
    );
    expect(status).toBe(429);
    expect(body).toEqual({
      error: {
        code: 429,
        message: "slow down",
        status: "RESOURCE_EXHAUSTED",
        limit,
        attempts,
        details: [
          { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "rate_limited", domain: "trunkline" },
          {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            fieldViolations: [{ field: "model", description: "slow down" }],
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" },
        ],
      },
    });
  });

  test("of an upstream are handed on in its words", () => {
    const upstream = gemini.decodeError(429, rate);
    const { body } = gemini.encodeError(
      new GatewayError("upstream_rate_limited", "ours", { upstream, retryAfterMs: 34_070 }),
    );
    const error = body.error as JsonObject;
    expect(error).toMatchObject({ code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" });
    expect((error.details as Json[]).slice(1)).toEqual(rate.error.details);
    const foreign = { status: 400, type: "invalid_request_error", message: "theirs", body: { error: { type: "x" } } };
    expect(
      gemini.encodeError(new GatewayError("upstream_invalid_request", "ours", { upstream: foreign })).body.error,
    ).toMatchObject({ message: "theirs", status: "INVALID_ARGUMENT" });
  });
});
