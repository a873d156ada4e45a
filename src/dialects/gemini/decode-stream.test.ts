import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { addPartialArgs } from "./partial-args.ts";
import { decode, chunk, STOP } from "./fixtures/stream.ts";

const types = (parts: StreamPart[]): string[] => parts.map((part) => part.type);

describe("the stream decoder", () => {
  test("promises its order of parts", () => {
    const parts = decode(
      chunk([{ text: "hm", thought: true }]),
      chunk([{ text: "m", thought: true }, { text: "a" }]),
      chunk([{ text: "b" }]),
      chunk([{ functionCall: { name: "f", args: { x: 1 } }, thoughtSignature: "c2ln" }]),
      {
        ...chunk([{ text: "" }], STOP),
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
      },
    );
    expect(types(parts)).toEqual([
      "start",
      "item_start",
      "reasoning_delta",
      "reasoning_delta",
      "item_end",
      "item_start",
      "text_delta",
      "text_delta",
      "item_end",
      "item_start",
      "tool_delta",
      "item_end",
      "usage",
      "finish",
      "end",
    ]);
    expect(collectParts(parts).candidates[0]).toMatchObject({
      finishReason: "tool_calls",
      items: [
        { type: "reasoning", summary: ["hmm"] },
        { type: "message", content: [{ text: "ab" }] },
        { type: "tool_call", callId: "call_gemini_r1_1", arguments: '{"x":1}', opaque: { value: "c2ln" } },
      ],
    });
  });

  test("keeps a trailing signature on its text, and later text apart from it", () => {
    const parts = decode(
      chunk([{ text: "a" }]),
      chunk([{ text: "", thoughtSignature: "c2ln" }]),
      chunk([{ text: "b" }]),
      chunk([{ thoughtSignature: "Yg==" }], STOP),
    );
    const own = (value: string): object => ({ maker: "gemini", kind: "signature", value });
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([
      {
        content: [
          { text: "a", opaque: own("c2ln") },
          { text: "b", opaque: own("Yg==") },
        ],
      },
    ]);
  });

  test("signs thoughts, which ends them", () => {
    const parts = decode(
      chunk([{ text: "a", thought: true, thoughtSignature: "c2ln" }]),
      chunk([{ text: "b", thought: true }], STOP),
    );
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([
      { summary: ["a"], opaque: { value: "c2ln" } },
      { summary: ["b"] },
    ]);
  });

  test("gathers arguments that arrive in pieces, with and without the closing call", () => {
    const call = (functionCall: JsonObject): JsonObject => chunk([{ functionCall }]);
    const parts = decode(
      chunk([{ functionCall: { name: "f", willContinue: true }, thoughtSignature: "c2ln" }]),
      call({ partialArgs: [{ jsonPath: "$.a[0].b", stringValue: 'x"', willContinue: true }], willContinue: true }),
      call({
        partialArgs: [
          { jsonPath: "$.a[0].b", stringValue: "y" },
          { jsonPath: "$.n", numberValue: 0.5 },
        ],
        willContinue: true,
      }),
      call({ willContinue: true }),
      call({ partialArgs: [{ jsonPath: "$.a[1]", nullValue: "NULL_VALUE" }] }),
      call({}),
      call({ name: "g", willContinue: true }),
      call({ partialArgs: [{ jsonPath: "$['odd key']", boolValue: false }] }),
      call({ name: "h" }),
      chunk([{ text: "" }], STOP),
    );
    const calls = collectParts(parts).candidates[0]?.items.map(
      (item) => item.type === "tool_call" && [item.name, item.arguments],
    );
    expect(calls).toEqual([
      ["f", '{"a":[{"b":"x\\"y"},null],"n":0.5}'],
      ["g", '{"odd key":false}'],
      ["h", ""],
    ]);
  });

  test("tells candidates apart and finishes each once, though the reason is repeated", () => {
    const both = (left: string, right: string): JsonObject => ({
      candidates: [
        { content: { parts: [{ text: left }] }, finishReason: "STOP" },
        { content: { parts: [{ text: right }] }, index: 1, finishReason: "MAX_TOKENS" },
      ],
    });
    const parts = decode(both("a", "x"), both("b", "y"));
    expect(parts.filter((part) => part.type === "finish")).toMatchObject([
      { candidate: 0, reason: "stop" },
      { candidate: 1, reason: "length" },
    ]);
    expect(collectParts(parts).candidates.map((candidate) => candidate.items)).toMatchObject([
      [{ content: [{ text: "ab" }] }],
      [{ content: [{ text: "xy" }] }],
    ]);
  });

  test("gives media, provider-run code and log probabilities", () => {
    const logprobsResult = { chosenCandidates: [{ token: "a", logProbability: -1 }] };
    const parts = decode(
      chunk([{ text: "a" }], { logprobsResult }),
      chunk([{ inlineData: { mimeType: "audio/L16", data: "AA" } }]),
      chunk([{ inlineData: { mimeType: "image/png", data: "aGk=" } }, { executableCode: { code: "1" } }], STOP),
    );
    expect(types(parts)).toEqual([
      "start",
      "item_start",
      "text_delta",
      "media",
      "media",
      "item_end",
      "opaque_item",
      "finish",
      "end",
    ]);
    expect(collectParts(parts).candidates[0]?.logprobs).toMatchObject({ content: [{ token: "a", logprob: -1 }] });
  });

  test("gives each citation once", () => {
    const groundingMetadata = {
      webSearchQueries: ["q"],
      groundingChunks: [{ web: { uri: "https://a" } }],
      groundingSupports: [{ segment: { startIndex: 3, endIndex: 5 }, groundingChunkIndices: [0] }],
    };
    const usageMetadata = { promptTokenCount: 1, totalTokenCount: 1 };
    const parts = decode(chunk([{ text: "é " }]), chunk([{ text: "ok" }], { groundingMetadata }), {
      ...chunk([], { ...STOP, groundingMetadata }),
      usageMetadata,
    });
    expect(parts.filter((part) => part.type === "citation")).toMatchObject([
      { citation: { url: "https://a", start: 2, end: 4 } },
    ]);
    expect(collectParts(parts).usage?.webSearches).toBe(1);
    expect(parts.find((part) => part.type === "finish")).toMatchObject({
      extensions: { gemini: { groundingMetadata } },
    });
  });

  test("ends a blocked prompt", () => {
    const parts = decode({
      promptFeedback: { blockReason: "OTHER" },
      usageMetadata: { promptTokenCount: 2, totalTokenCount: 2 },
      modelVersion: "m",
    });
    expect(types(parts)).toEqual(["start", "usage", "finish", "end"]);
    expect(parts[2]).toMatchObject({ reason: "content_filter", raw: "OTHER" });
  });

  test.each([
    [
      "an error",
      {
        error: {
          code: 429,
          status: "RESOURCE_EXHAUSTED",
          message: "slow",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2s" }],
        },
      },
      "upstream_rate_limited",
    ],
    ["an overload", { error: { code: 503, status: "UNAVAILABLE", message: "busy" } }, "upstream_error"],
    ["a bad request", { error: { code: 400, status: "INVALID_ARGUMENT", message: "bad" } }, "upstream_invalid_request"],
    ["an error in a list", [{ error: { code: 403, message: "no" } }], "upstream_auth"],
    [
      "a refused key",
      {
        error: {
          code: 400,
          status: "INVALID_ARGUMENT",
          message: "key",
          details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
        },
      },
      "upstream_auth",
    ],
    ["no JSON", "<html>", "provider_protocol_error"],
    ["no object", "5", "provider_protocol_error"],
  ] as Array<[string, Json, string]>)("stops at %s", (_, bad, code) => {
    const parts = decode(chunk([{ text: "a" }]), bad, chunk([{ text: "b" }], STOP));
    expect(parts.at(-1)).toMatchObject({ type: "error", error: { code } });
    expect(types(parts)).toEqual(["start", "item_start", "text_delta", "error"]);
  });

  test("passes on when to try again", () => {
    const parts = decode({
      error: { code: 429, details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2s" }] },
    });
    expect(parts[0]?.type === "error" && parts[0].error.fields.retryAfterMs).toBe(2000);
  });

  test.each([
    ["nothing", []],
    ["no finish reason", [chunk([{ text: "a" }])]],
    ["usage alone", [{ usageMetadata: { promptTokenCount: 1 } }]],
  ] as Array<[string, Json[]]>)("knows a cut stream: %s", (_, chunks) => {
    const error = decode(...chunks).at(-1);
    expect(error?.type === "error" && error.error.code).toBe("upstream_truncated");
  });

  test("hands on what it does not know, and ignores what is odd", () => {
    const parts = decode(
      { novelty: 1 },
      "",
      "[DONE]",
      chunk([null as unknown as JsonObject, { text: null }, { functionCall: {} }], STOP),
      { candidates: [null, 5], usageMetadata: "x" },
    );
    expect(parts[0]).toEqual({ type: "unknown", dialect: "gemini", event: "", data: '{"novelty":1}' });
    expect(types(parts)).toEqual(["unknown", "start", "opaque_item", "finish", "end"]);
  });
});

describe("partial arguments", () => {
  test("cannot reach prototypes or hostile sizes", () => {
    const args: JsonObject = {};
    addPartialArgs(args, [
      { jsonPath: "$.__proto__.polluted", stringValue: "x" },
      { jsonPath: "$.constructor.prototype.polluted", boolValue: true },
      { jsonPath: "$.list[999999999]", numberValue: 1 },
      { jsonPath: "$.list[0]", numberValue: 1 },
      { jsonPath: "$.list.length", numberValue: 9 },
      { jsonPath: "no path", numberValue: 1 },
      { jsonPath: "$", numberValue: 1 },
      { jsonPath: "$.empty" },
      null,
    ]);
    expect(({} as JsonObject).polluted).toBeUndefined();
    expect(JSON.stringify(args)).toBe(
      '{"__proto__":{"polluted":"x"},"constructor":{"prototype":{"polluted":true}},"list":[1]}',
    );
  });
});
