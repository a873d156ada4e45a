import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import { decodeError, encodeError, faultError } from "./errors.ts";

describe("decodeError", () => {
  const SHAPES: [string, Json, object][] = [
    [
      "the vendor's",
      { error: { message: "bad", type: "invalid_request_error", param: "input", code: "x" } },
      { message: "bad", type: "invalid_request_error", param: "input", code: "x" },
    ],
    [
      "code and text",
      { code: "invalid-argument", error: "No such model" },
      { message: "No such model", code: "invalid-argument" },
    ],
    ["a list", [{ error: { message: "m", code: 400 } }], { message: "m", code: "400" }],
    ["detail", { detail: "Not Found" }, { message: "Not Found" }],
    [
      "details",
      { detail: [{ loc: ["body"], msg: "field required", type: "missing" }] },
      { message: "field required", type: "missing" },
    ],
    ["flat", { message: "m", type: "t", code: null }, { message: "m", type: "t" }],
    ["text", "upstream connect error", { message: "upstream connect error" }],
    ["a page", "<html><body>502</body></html>", { message: "the provider answered with status 502" }],
    ["nothing", null, { message: "the provider answered with status 502" }],
    ["an empty message", { error: { message: "" } }, { message: "the provider answered with status 502" }],
  ];
  for (const [name, body, expected] of SHAPES) {
    test(name, () => expect(decodeError(502, body)).toMatchObject({ status: 502, ...expected }));
  }

  test("keeps no more than 2,000 characters of text", () => {
    expect(decodeError(500, "x".repeat(5000)).body).toHaveLength(2000);
  });
});

test("faults within an answer are told by their meaning", () => {
  const codeOf = (code: string, type = ""): string => faultError({ error: { code, type, message: "m" } }).code;
  expect(codeOf("rate_limit_exceeded")).toBe("upstream_rate_limited");
  expect(codeOf("insufficient_quota")).toBe("upstream_rate_limited");
  expect(codeOf("server_error")).toBe("upstream_error");
  expect(codeOf("vector_store_timeout")).toBe("upstream_timeout");
  expect(codeOf("invalid_prompt")).toBe("upstream_invalid_request");
  expect(codeOf("context_length_exceeded")).toBe("upstream_invalid_request");
  expect(codeOf("image_too_large")).toBe("upstream_invalid_request");
  expect(codeOf("model_not_found")).toBe("upstream_not_found");
  expect(codeOf("invalid_api_key")).toBe("upstream_auth");
  expect(codeOf("422")).toBe("upstream_unprocessable");
  expect(codeOf("who_knows", "overloaded_error")).toBe("upstream_error");
});

describe("encodeError", () => {
  test("the gateway's own", () => {
    const limit = { scope: "team:ml", metric: "usd", limit: 1, used: 2, reset_at: null } as const;
    const { status, body } = encodeError(new GatewayError("budget_exceeded", "too much", { limit }));
    expect(status).toBe(402);
    expect(body).toEqual({
      error: { message: "too much", type: "insufficient_quota", param: null, code: "budget_exceeded", limit },
    });
  });

  test("an upstream's of the family keeps its words, another's only its message", () => {
    const kin = decodeError(400, {
      error: { message: "bad", type: "invalid_request_error", param: "tools", code: "bad_tool" },
    });
    expect(encodeError(new GatewayError("upstream_invalid_request", "g", { upstream: kin })).body).toEqual({
      error: { message: "bad", type: "invalid_request_error", param: "tools", code: "bad_tool" },
    });
    const other = decodeError(529, { type: "error", error: { type: "overloaded_error", message: "busy" } });
    const attempts = [{ provider: "p", model: "m", status: 529, code: "upstream_error" as const, ms: 5 }];
    expect(encodeError(new GatewayError("upstream_error", "g", { upstream: other, attempts })).body).toEqual({
      error: { message: "busy", type: "server_error", param: null, code: "upstream_error", attempts },
    });
  });
});
