import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { ErrorCode } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { decodeError, encodeError, faultToError } from "./errors.ts";

describe("decodeError", () => {
  const cases: [string, Json, string, string | undefined][] = [
    ["OpenAI", { error: { message: "bad", type: "invalid_request_error", param: "n", code: "c" } }, "bad", "c"],
    ["Google", [{ error: { code: 400, message: "bad", status: "INVALID_ARGUMENT" } }], "bad", "400"],
    ["Ollama", { error: "model not found" }, "model not found", undefined],
    ["xAI", { code: "invalid_key", error: "Incorrect API key" }, "Incorrect API key", "invalid_key"],
    ["vLLM", { object: "error", message: "too long", type: "BadRequestError", code: 400 }, "too long", "400"],
    ["FastAPI text", { detail: "Not Found" }, "Not Found", undefined],
    [
      "FastAPI list",
      { detail: [{ loc: ["body", "messages", 0], msg: "field required" }] },
      "messages.0: field required",
      undefined,
    ],
    [
      "Mistral",
      { object: "error", message: { detail: [{ loc: ["body", "n"], msg: "extra" }] } },
      "n: extra",
      undefined,
    ],
    ["DashScope", { code: "InvalidParameter", message: "bad", request_id: "r" }, "bad", "InvalidParameter"],
    ["Cloudflare", { success: false, errors: [{ code: 7003, message: "no route" }] }, "no route", "7003"],
    [
      "Mistral: a field that it does not know",
      {
        object: "error",
        message: {
          detail: [{ type: "extra_forbidden", loc: ["body", "store"], msg: "Extra inputs are not permitted" }],
        },
        type: "invalid_request_error",
        param: null,
        code: null,
      },
      "store: Extra inputs are not permitted",
      undefined,
    ],
    [
      "Mistral, flat",
      { object: "error", message: "Invalid model", type: "invalid_model", param: null, code: "1500" },
      "Invalid model",
      "1500",
    ],
    ["Mistral: unauthorized", { detail: "Unauthorized" }, "Unauthorized", undefined],
    [
      "DeepSeek",
      { error: { message: "Insufficient Balance", type: "unknown_error", param: null, code: "invalid_request_error" } },
      "Insufficient Balance",
      "invalid_request_error",
    ],
    [
      "xAI, in words",
      { code: "Client specified an invalid argument", error: "Model does not exist" },
      "Model does not exist",
      "Client specified an invalid argument",
    ],
    [
      "Hugging Face",
      { error: ["Input is too long", "and empty"], error_type: "validation" },
      "Input is too long; and empty",
      undefined,
    ],
    [
      "Hugging Face's router",
      { message: "Model not supported by provider", statusCode: 400 },
      "Model not supported by provider",
      undefined,
    ],
    ["Z.AI", { error: { code: "1113", message: "Insufficient balance" } }, "Insufficient balance", "1113"],
    ["MiniMax", { choices: null, base_resp: { status_code: 1004, status_msg: "login fail" } }, "login fail", "1004"],
    [
      "NVIDIA",
      { type: "about:blank", status: 404, title: "Not Found", detail: "Function not found" },
      "Function not found",
      undefined,
    ],
    [
      "Cerebras",
      { message: "Wrong API Key", type: "invalid_request_error", param: "api_key", code: "wrong_api_key" },
      "Wrong API Key",
      "wrong_api_key",
    ],
    [
      "Fireworks",
      { fault: { faultstring: "x" }, error: { object: "error", type: "invalid_request_error", message: "no model" } },
      "no model",
      undefined,
    ],
    ["Perplexity", { error: { message: "Invalid model", type: "invalid_model", code: 400 } }, "Invalid model", "400"],
    [
      "Vercel",
      { error: { message: "Model not found", type: "model_not_found", param: null, code: "model_not_found" } },
      "Model not found",
      "model_not_found",
    ],
    ["Databricks", { error_code: "BAD_REQUEST", message: "bad" }, "bad", "BAD_REQUEST"],
    [
      "watsonx",
      { errors: [{ code: "model_not_supported", message: "bad" }], trace: "t" },
      "bad",
      "model_not_supported",
    ],
    ["Azure", { error: { code: "DeploymentNotFound", message: "none" } }, "none", "DeploymentNotFound"],
    ["Azure's front", { statusCode: 401, message: "Access denied" }, "Access denied", undefined],
    ["nested", { error: { error: { message: "deep" } } }, "deep", undefined],
    ["HTML", "<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway", undefined],
    ["HTML without title", "<h1>Busy</h1>\n<p>later</p>", "Busy later", undefined],
    ["text", "upstream connect error", "upstream connect error", undefined],
    ["nothing", "", "upstream answered with status 500", undefined],
    ["null", null, "upstream answered with status 500", undefined],
    ["an unknown object", { hello: 1 }, "upstream answered with status 500", undefined],
  ];
  test.each(cases)("%s", (_name, body, message, code) => {
    const fault = decodeError(500, body);
    expect(fault.message).toBe(message);
    expect(fault.code).toBe(code as string);
    expect(fault.status).toBe(500);
  });

  test("keeps type and param", () => {
    const fault = decodeError(400, { error: { message: "m", type: "t", param: "messages[0]", code: null } });
    expect(fault).toMatchObject({ type: "t", param: "messages[0]" });
    expect(fault.code).toBeUndefined();
  });

  test("OpenRouter: adds what its own upstream said", () => {
    const raw = JSON.stringify({ error: { message: "context too long" } });
    const fault = decodeError(400, { error: { message: "Provider returned error", code: 400, metadata: { raw } } });
    expect(fault.message).toBe("Provider returned error: context too long");
  });

  test("keeps at most 2,000 characters of text", () => {
    expect(String(decodeError(500, "x".repeat(9000)).body).length).toBe(2000);
  });
});

describe("faultToError", () => {
  const cases: [JsonObject, ErrorCode][] = [
    [{ base_resp: { status_code: 1002, status_msg: "m" } }, "upstream_rate_limited"],
    [{ base_resp: { status_code: 1004, status_msg: "m" } }, "upstream_auth"],
    [{ base_resp: { status_code: 1008, status_msg: "m" } }, "upstream_rate_limited"],
    [{ base_resp: { status_code: 1027, status_msg: "m" } }, "upstream_invalid_request"],
    [{ base_resp: { status_code: 2013, status_msg: "m" } }, "upstream_invalid_request"],
    [{ base_resp: { status_code: 4242 } }, "upstream_error"],
    [{ error: { message: "m", code: 429 } }, "upstream_rate_limited"],
    [{ error: { message: "m", code: "502" } }, "upstream_error"],
    [{ error: { message: "m", type: "rate_limit_error" } }, "upstream_rate_limited"],
    [{ error: { message: "m", code: "insufficient_quota" } }, "upstream_rate_limited"],
    [{ error: { message: "m", type: "server_error" } }, "upstream_error"],
    [{ error: { message: "m", type: "overloaded_error" } }, "upstream_error"],
    [{ error: { message: "m", code: "context_length_exceeded" } }, "upstream_invalid_request"],
    [{ error: { message: "m", type: "invalid_request_error" } }, "upstream_invalid_request"],
    [{ error: { message: "m", code: "invalid_api_key" } }, "upstream_auth"],
    [{ error: "boom" }, "upstream_error"],
  ];
  test.each(cases)("%j", (body, code) => expect(faultToError(body).code).toBe(code));
});

describe("encodeError", () => {
  test("own error", () => {
    const error = new GatewayError("invalid_request", "messages must be a list", { param: "messages" });
    expect(encodeError(error)).toEqual({
      status: 400,
      body: {
        error: {
          message: "messages must be a list",
          type: "invalid_request_error",
          param: "messages",
          code: "invalid_request",
        },
      },
    });
  });

  test("limit and attempts stand in the error", () => {
    const limit = { scope: "team:ml", metric: "usd", limit: 5, used: 6, reset_at: null } as const;
    const attempts = [{ provider: "p", model: "m", status: 500, code: "upstream_error", ms: 3 } as const];
    const error = new GatewayError("budget_exceeded", "spent", { limit, attempts });
    expect(encodeError(error)).toMatchObject({
      status: 402,
      body: { error: { limit, attempts, code: "budget_exceeded" } },
    });
  });

  test("an upstream of the family speaks in its own words", () => {
    const upstream = decodeError(400, {
      error: { message: "long", type: "invalid_request_error", code: "context_length_exceeded" },
    });
    const { body } = encodeError(new GatewayError("upstream_invalid_request", "x", { upstream }));
    expect(body["error"]).toMatchObject({ message: "long", code: "context_length_exceeded" });
  });

  test.each([
    [{ type: "error", error: { type: "overloaded_error", message: "busy" } }],
    [{ error: { code: 503, status: "UNAVAILABLE", message: "busy" } }],
  ])("another family gives its message only: %j", (wire) => {
    const { body } = encodeError(new GatewayError("upstream_error", "x", { upstream: decodeError(503, wire) }));
    expect(body["error"]).toMatchObject({ message: "busy", type: "server_error", code: "upstream_error" });
  });
});
