import { describe, expect, test } from "bun:test";
import { GatewayError, type ErrorFields } from "../../src/canonical/errors.ts";
import type { Json } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import { statusFailure } from "../../src/domain/attempt/failure.ts";
import { messageView } from "../mock-upstream/event-stream-view.ts";
import { answerNamed } from "../e2e/provider/answer.ts";
import { FAULTS, type FaultStatus } from "../e2e/provider/faults.ts";
import { WIRES } from "../e2e/provider/index.ts";
import { eventsIn } from "../e2e/reading/events.ts";
import { decodeEvents, encodeParts } from "./streams.ts";
import { dialectNamed, grouped, NAMES, type Crossing } from "./pairs.ts";
import { expectSnapshot, telling } from "./snapshot.ts";

const LIMIT = {
  scope: "virtual_key:app",
  metric: "requests",
  limit: 100,
  used: 100,
  reset_at: "2026-11-21T00:01:00.000Z",
} as const;

/** Errors that the gateway makes itself. */
const OWN: Record<string, GatewayError> = {
  unauthenticated: new GatewayError("unauthenticated", "unknown virtual key"),
  model_not_found: new GatewayError("model_not_found", 'no provider is known to have model "x"', { param: "model" }),
  model_not_allowed: new GatewayError("model_not_allowed", "model not allowed for this virtual key", {
    param: "model",
  }),
  rate_limited: new GatewayError("rate_limited", "limit of 100 requests reached", { limit: LIMIT, retryAfterMs: 1500 }),
  budget_exceeded: new GatewayError("budget_exceeded", "limit of 5 USD reached", {
    limit: { ...LIMIT, metric: "usd", limit: 5, used: 4.99, reset_at: null },
  }),
  upstream_timeout: new GatewayError(
    "upstream_timeout",
    "provider openai: no answer within the first-byte timeout",
    attempts(),
  ),
  internal_error: new GatewayError("internal_error", "the gateway failed on this request; its log says how"),
};

function attempts(): ErrorFields {
  const attempt = {
    provider: "openai",
    model: "gpt-4o",
    key: "main",
    status: 0,
    code: "upstream_timeout",
    ms: 1.5,
  } as const;
  return { attempts: [attempt, { ...attempt, provider: "anthropic", model: "claude-sonnet-4-5" }] };
}

/** The error event of a vendor within a stream. */
const EVENTS: Record<ChatDialect, string> = {
  "ai-gateway": `data: ${JSON.stringify({ type: "error", error: { message: "The server is overloaded.", type: "internal_server_error" } })}\n\n`,
  ollama: `${JSON.stringify({ error: "The server is overloaded." })}\n`,
  "openai-completions": `data: ${JSON.stringify({ error: { message: "The server is overloaded.", type: "server_error", code: null, param: null } })}\n\n`,
  "openai-chat": `data: ${JSON.stringify({ error: { message: "The server is overloaded.", type: "server_error", code: null, param: null } })}\n\n`,
  "openai-responses": `event: error\ndata: ${JSON.stringify({
    type: "error",
    sequence_number: 9,
    code: "server_error",
    message: "The server is overloaded.",
    param: null,
  })}\n\n`,
  "anthropic-messages": `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "The server is overloaded." } })}\n\n`,
  "bedrock-converse": messageView("serviceUnavailableException", { message: "The server is overloaded." }),
  "bedrock-text": `data: ${JSON.stringify({ __type: "ServiceUnavailableException", message: "The server is overloaded." })}\n\n`,
  cohere: `event: message-end\ndata: ${JSON.stringify({
    type: "message-end",
    delta: { error: "The server is overloaded.", finish_reason: "ERROR" },
  })}\n\n`,
  gemini: `data: ${JSON.stringify({ error: { code: 503, message: "The server is overloaded.", status: "UNAVAILABLE" } })}\r\n\r\n`,
};

/** A stream that says some words and then ends as told: with the vendor's error event, or with nothing. */
function broken(provider: ChatDialect, end: string): StreamPart[] {
  const events = WIRES[provider].write(answerNamed("text")).events;
  const middle = events.findIndex((event) => event.includes("Bonjo")) + 2;
  const text = events.slice(0, middle).join("") + end;
  return decodeEvents(provider, text, () => text.length * 4);
}

/** What a client reads after the words. */
function endOf(client: ChatDialect, parts: readonly StreamPart[]): Json[] {
  const events = eventsIn(client, encodeParts(client, parts));
  const first = events.findIndex(
    ({ data }) => data.includes("The server is overloaded.") || data.includes("upstream_truncated"),
  );
  return events.slice(first).map(({ event, data }) => ({ ...(event !== "" && { event }), data: dataOf(data) }));
}

function dataOf(text: string): Json {
  if (text === "[DONE]") return text;
  const data = JSON.parse(text);
  return "response" in data ? { ...data, response: telling(data.response) } : data;
}

describe("errors", () => {
  test("of the gateway", () => {
    const entries = Object.entries(OWN).map(([name, error]) => [
      name,
      Object.fromEntries(NAMES.map((client) => [client, dialectNamed(client).encodeError(error)])),
    ]);
    expectSnapshot("errors/gateway", Object.fromEntries(entries));
  });

  for (const status of [400, 429, 500] as FaultStatus[]) {
    test(`of providers: ${status}`, () => {
      const crossings: Crossing[] = [];
      for (const provider of NAMES) {
        const { message, body } = FAULTS[provider][status];
        const fault = dialectNamed(provider).decodeError(status, body(message) as Json);
        expect({ provider, message: fault.message }).toEqual({ provider, message });
        const error = statusFailure("host", fault, null);
        for (const client of NAMES) {
          const encoded = dialectNamed(client).encodeError(error);
          expect(encoded.status).toBe(status === 500 ? 502 : status);
          expect(JSON.stringify(encoded.body)).toContain(JSON.stringify(message));
          crossings.push({ from: provider, to: client, value: encoded });
        }
      }
      expectSnapshot(`errors/provider-${status}`, grouped(crossings));
    });
  }

  test("within a stream", () => {
    const crossings: Crossing[] = [];
    for (const provider of NAMES) {
      const parts = broken(provider, EVENTS[provider]);
      expect({ provider, last: parts.at(-1) }).toMatchObject({
        provider,
        last: { type: "error", error: { code: "upstream_error" } },
      });
      for (const client of NAMES) {
        const end = endOf(client, parts);
        expect(end.length).toBeGreaterThan(0);
        crossings.push({ from: provider, to: client, value: end });
      }
    }
    expectSnapshot("errors/within-a-stream", grouped(crossings));
  });

  test("of a stream that breaks off", () => {
    const crossings: Crossing[] = [];
    for (const provider of NAMES) {
      const parts = broken(provider, "");
      expect({ provider, last: parts.at(-1) }).toMatchObject({
        provider,
        last: { type: "error", error: { code: "upstream_truncated" } },
      });
      for (const client of NAMES) crossings.push({ from: provider, to: client, value: endOf(client, parts) });
    }
    expectSnapshot("errors/broken-off", grouped(crossings));
  });
});
