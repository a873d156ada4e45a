import { describe, expect, test } from "bun:test";
import type { ErrorCodec, StreamDecoder } from "../canonical/dialect.ts";
import { GatewayError, type ErrorCode } from "../canonical/errors.ts";
import { isJsonObject, type Json } from "../canonical/json.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { emptyUsage } from "../canonical/usage.ts";
import { readMessage } from "../lib/eventstream/message.ts";
import { exceptionMessage, withExceptions } from "./chunk-exceptions.ts";

function messageIn(body: Json): string {
  if (typeof body === "string") return body;
  return isJsonObject(body) && typeof body["message"] === "string" ? body["message"] : "none";
}

const errors: ErrorCodec = {
  encodeError: () => ({ status: 500, body: {} }),
  decodeError: (status, body) => ({ status, message: messageIn(body) }),
};

/** Hands on what it was scripted to. */
function scripted(...steps: StreamPart[][]): StreamDecoder {
  return {
    push: (_, out) => out.push(...(steps.shift() ?? [])),
    finish: (out) => out.push({ type: "end" }),
  };
}

describe("exceptions between chunks", () => {
  test.each([
    ["throttlingException", '{"message":"Slow down."}', "upstream_rate_limited", "Slow down."],
    ["validationException", '{"message":"No."}', "upstream_invalid_request", "No."],
    [
      "modelStreamErrorException",
      '{"message":"It broke.","originalStatusCode":429}',
      "upstream_rate_limited",
      "It broke.",
    ],
    ["internalServerException", '{"message":"Sorry."}', "upstream_error", "Sorry."],
    ["serviceUnavailableException", "no JSON", "upstream_error", "no JSON"],
    ["futureException", "{}", "upstream_error", "none"],
  ] as [string, string, ErrorCode, string][])("%s ends the stream", (event, data, code, message) => {
    const decoder = withExceptions(scripted([{ type: "ping" }]), "host", errors);
    const out: StreamPart[] = [];
    decoder.push({ event, data }, out);
    decoder.push({ event: "", data: "{}" }, out);
    decoder.finish(out);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ type: "error", error: { code, message, fields: { upstream: { type: event } } } });
  });
});

describe("the host's counts", () => {
  const metrics = JSON.stringify({ "amazon-bedrock-invocationMetrics": { inputTokenCount: 8, outputTokenCount: 4 } });
  const usage = { ...emptyUsage(), inputTokens: 8, outputTokens: 4 };

  test("stand before the end, where the model has none of its own", () => {
    const decoder = withExceptions(scripted([{ type: "ping" }], [{ type: "end" }]), "host", errors);
    const out: StreamPart[] = [];
    decoder.push({ event: "", data: "{}" }, out);
    decoder.push({ event: "", data: metrics }, out);
    expect(out).toEqual([{ type: "ping" }, { type: "usage", usage }, { type: "end" }]);
  });

  test("are left where the model counts itself", () => {
    const own: StreamPart = { type: "usage", usage: { ...emptyUsage(), inputTokens: 1 } };
    const decoder = withExceptions(scripted([own], [{ type: "end" }]), "host", errors);
    const out: StreamPart[] = [];
    decoder.push({ event: "", data: "{}" }, out);
    decoder.push({ event: "", data: metrics }, out);
    expect(out).toEqual([own, { type: "end" }]);
  });
});

test.each([
  ["rate_limited", "throttlingException"],
  ["invalid_request", "validationException"],
  ["draining", "serviceUnavailableException"],
  ["deadline_exceeded", "modelTimeoutException"],
  ["upstream_truncated", "internalServerException"],
] as [ErrorCode, string][])("%s leaves as %s", (code, name) => {
  const { headers, payload } = readMessage(exceptionMessage(new GatewayError(code, "Why.")));
  expect(headers).toEqual({
    ":exception-type": name,
    ":content-type": "application/json",
    ":message-type": "exception",
  });
  expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ message: "Why." });
});
