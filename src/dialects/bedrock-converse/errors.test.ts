import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import { decodeError, encodeError, streamError, streamExceptionOf } from "./errors.ts";

const headers = (type: string): { get(name: string): string | null } => ({
  get: (name) => (name === "x-amzn-errortype" ? type : null),
});

describe("errors of providers", () => {
  test("the header says the type, with a namespace or an address about it", () => {
    const body = { message: "Too many requests" };
    expect(decodeError(429, body, headers("ThrottlingException:http://internal.amazon.com/coral/"))).toEqual({
      status: 429,
      type: "ThrottlingException",
      message: "Too many requests",
      body,
    });
    expect(decodeError(400, { __type: "com.amazon.coral.validate#ValidationException", Message: "no" })).toMatchObject({
      type: "ValidationException",
      message: "no",
    });
  });

  test("a type that says more than the status does counts", () => {
    expect(decodeError(400, { message: "x" }, headers("ServiceQuotaExceededException")).status).toBe(429);
    expect(decodeError(424, { message: "x" }, headers("ModelErrorException")).status).toBe(500);
    expect(decodeError(424, { message: "x" }).status).toBe(500);
  });

  test.each([
    [null, "HTTP 500"],
    ["", "HTTP 500"],
    ["plain words", "plain words"],
    ["<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"],
    [[1], "HTTP 500"],
    [{ error: { message: "nested" } }, "nested"],
  ] as [Json, string][])("%j has a message", (body, message) => {
    expect(decodeError(500, body).message).toBe(message);
  });
});

describe("errors within a stream", () => {
  test.each([
    ["throttlingException", "upstream_rate_limited", 429],
    ["validationException", "upstream_invalid_request", 400],
    ["modelStreamErrorException", "upstream_error", 500],
    ["internalServerException", "upstream_error", 500],
    ["exceptionOfTheFuture", "upstream_error", 500],
  ])("%s", (name, code, status) => {
    const error = streamError(name, { message: "words" });
    expect(error).toMatchObject({ code, message: "words" });
    expect(error.fields.upstream?.status).toBe(status);
  });
});

describe("errors for clients", () => {
  test("AWS's SDKs find the type, and no code that they would take for it", () => {
    const error = new GatewayError("rate_limited", "limit of 100 requests reached", { retryAfterMs: 1000 });
    expect(encodeError(error)).toEqual({
      status: 429,
      body: {
        __type: "ThrottlingException",
        message: "limit of 100 requests reached",
        error: { code: "rate_limited" },
      },
    });
  });

  test("an upstream's own type stays", () => {
    const upstream = { status: 429, type: "ModelNotReadyException", message: "warming up" };
    const error = new GatewayError("upstream_rate_limited", "warming up", { upstream });
    expect(encodeError(error).body["__type"]).toBe("ModelNotReadyException");
    expect(streamExceptionOf(error)).toBe("throttlingException");
  });

  test("streams know five exceptions", () => {
    expect(streamExceptionOf(new GatewayError("upstream_truncated", "x"))).toBe("internalServerException");
    expect(streamExceptionOf(new GatewayError("overloaded", "x"))).toBe("serviceUnavailableException");
    expect(streamExceptionOf(new GatewayError("invalid_request", "x"))).toBe("validationException");
  });
});
