import { describe, expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";

const messages = [{ role: "user", content: "hi" }];
const reply: ReplyContext = {
  requestId: "r1",
  model: "alias",
  createdAt: 5,
  request: decodeRequest({ body: { model: "m", messages } }),
};

function answer(message: JsonObject, more: JsonObject = {}, choice: JsonObject = {}): JsonObject {
  return {
    id: "c1",
    object: "chat.completion",
    created: 9,
    model: "m",
    choices: [
      {
        index: 0,
        message: { role: "assistant", refusal: null, ...message },
        logprobs: null,
        finish_reason: "stop",
        ...choice,
      },
    ],
    ...more,
  };
}

function response(items: Item[], more: Partial<ChatResponse> = {}): ChatResponse {
  return { id: "", model: "", createdAt: 0, candidates: [{ index: 0, items, finishReason: "stop" }], ...more };
}

function messageOf(body: JsonObject): JsonObject {
  const [choice] = body["choices"] as JsonObject[];
  return choice?.["message"] as JsonObject;
}

describe("same dialect in and out", () => {
  const calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
  const cases: [string, JsonObject][] = [
    ["text", answer({ content: "hi" })],
    ["null content and calls", answer({ content: null, tool_calls: calls }, {}, { finish_reason: "tool_calls" })],
    ["empty content and calls", answer({ content: "", tool_calls: calls }, {}, { finish_reason: "stop" })],
    ["a refusal", answer({ content: null, refusal: "no" })],
    [
      "logprobs",
      answer(
        { content: "a" },
        {},
        { logprobs: { content: [{ token: "a", logprob: -1, bytes: [97], top_logprobs: [] }], refusal: null } },
      ),
    ],
    [
      "DeepSeek",
      answer(
        { content: "a", reasoning_content: "hm" },
        { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, prompt_cache_hit_tokens: 1 } },
      ),
    ],
    [
      "Groq",
      answer(
        { content: "a", reasoning: "hm" },
        { x_groq: { id: "req" }, service_tier: "on_demand", system_fingerprint: "fp" },
      ),
    ],
    [
      "Perplexity",
      answer(
        { content: "a [1]" },
        { citations: ["https://x"], search_results: [{ title: "X", url: "https://x", date: null }] },
      ),
    ],
    [
      "Azure",
      answer(
        { content: "a", annotations: [] },
        { prompt_filter_results: [{ prompt_index: 0 }] },
        { content_filter_results: { hate: { filtered: false } } },
      ),
    ],
    [
      "Mistral",
      answer({
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
          { type: "text", text: "a" },
        ],
      }),
    ],
    ["audio", answer({ content: null, audio: { id: "a", data: "AA", transcript: "hi", expires_at: 7 } })],
    [
      "images",
      answer({
        content: "",
        images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" }, index: 0 }],
      }),
    ],
    [
      "annotations",
      answer({
        content: "a",
        annotations: [{ type: "url_citation", url_citation: { url: "u", title: "t", start_index: 0, end_index: 1 } }],
      }),
    ],
    ["Vercel", answer({ content: "a", provider_metadata: { gateway: { cost: "0.1" } } }, { generationId: "g" })],
    ["an odd finish", answer({ content: "a" }, {}, { finish_reason: "eos", native_finish_reason: "eos", seed: 3 })],
    [
      "function_call",
      answer({ content: null, function_call: { name: "f", arguments: "{}" } }, {}, { finish_reason: "function_call" }),
    ],
    [
      "a custom call",
      answer(
        { content: null, tool_calls: [{ id: "c", type: "custom", custom: { name: "f", input: "x" } }] },
        {},
        { finish_reason: "tool_calls" },
      ),
    ],
    [
      "details only",
      answer({
        content: "a",
        reasoning: null,
        reasoning_details: [{ type: "reasoning.encrypted", data: "d", id: "rs", index: 0 }],
      }),
    ],
  ];
  test.each(cases)("%s", (_name, body) => {
    expect(encodeResponse(decodeResponse(structuredClone(body)), reply)).toEqual(body);
  });

  test("several choices", () => {
    const body = answer({ content: "a" });
    const second = {
      ...(body["choices"] as JsonObject[])[0],
      index: 1,
      message: { role: "assistant", content: "b", refusal: null },
    };
    body["choices"] = [...(body["choices"] as JsonObject[]), second];
    expect(encodeResponse(decodeResponse(structuredClone(body)), reply)).toEqual(body);
  });
});

describe("decodeResponse", () => {
  test("null and wrong types anywhere are tolerated", () => {
    const body = {
      id: null,
      created: "x",
      model: 3,
      choices: [
        null,
        {
          index: null,
          message: {
            role: null,
            content: 5,
            tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }],
            annotations: [3],
          },
        },
      ],
      usage: null,
    };
    const decoded = decodeResponse(body);
    expect(decoded).toMatchObject({ id: "", model: "", createdAt: 0, candidates: [{ finishReason: "tool_calls" }] });
    expect(decoded.candidates[0]?.items).toMatchObject([{ type: "tool_call", name: "f", arguments: '{"a":1}' }]);
    expect(decoded.candidates[0]?.items[0]).toHaveProperty("callId", expect.stringMatching(/^call_/u));
  });

  test("a call and audio that were not made, but are written out", () => {
    const audio = { id: "", data: "", transcript: "", expires_at: 0 };
    const blank = { function_call: { name: "", arguments: "" }, tool_calls: null, audio };
    const [candidate] = decodeResponse(answer({ content: "a", ...blank })).candidates;
    expect(candidate?.items).toEqual([{ type: "message", role: "assistant", content: [{ type: "text", text: "a" }] }]);
    expect(candidate?.finishReason).toBe("stop");
  });

  test("a list of sources becomes citations", () => {
    const decoded = decodeResponse(answer({ content: "a [1]" }, { citations: ["https://x"] }));
    expect(decoded.candidates[0]?.items).toMatchObject([
      { content: [{ citations: [{ type: "url", url: "https://x" }] }] },
    ]);
  });

  const failures: [string, Json, string][] = [
    ["no object", "hi", "provider_protocol_error"],
    ["no choices", { id: "x" }, "provider_protocol_error"],
    ["an error instead", { error: { message: "slow down", code: 429 } }, "upstream_rate_limited"],
    ["a text error", { error: "overloaded" }, "upstream_error"],
    [
      "an error in the choice",
      answer({ content: "a" }, {}, { error: { code: 502, message: "gone" }, finish_reason: "error" }),
      "upstream_error",
    ],
  ];
  test.each(failures)("%s", (_name, body, code) => {
    expect(() => decodeResponse(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe("encodeResponse for answers of other dialects", () => {
  test.each([
    ["standard", "default"],
    ["STANDARD", "default"],
    ["priority", "priority"],
    ["on_demand", "on_demand"],
  ])("the tier %s is %s", (serviceTier, word) => {
    expect(encodeResponse(response([], { serviceTier }), reply)["service_tier"]).toBe(word);
    const encoder = createStreamEncoder(reply);
    expect(encoder.encode({ type: "start", id: "c", model: "m", createdAt: 1, serviceTier })).toContain(
      `"service_tier":"${word}"`,
    );
    expect(createStreamEncoder(reply).encode({ type: "end", serviceTier })).toContain(`"service_tier":"${word}"`);
  });

  test("fills what the wire needs", () => {
    const body = encodeResponse(
      response([{ type: "message", role: "assistant", content: [{ type: "text", text: "a" }] }]),
      reply,
    );
    expect(body).toEqual({
      id: "chatcmpl-r1",
      object: "chat.completion",
      created: 5,
      model: "alias",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "a", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
    });
  });

  test("state of other makers rides in reasoning_details and comes back", () => {
    const items: Item[] = [
      {
        type: "reasoning",
        summary: [],
        text: "hm",
        opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" },
      },
      {
        type: "reasoning",
        summary: [],
        text: "",
        opaque: { maker: "anthropic-messages", kind: "redacted", value: "data" },
      },
      {
        type: "reasoning",
        id: "rs_1",
        summary: ["one", "two"],
        text: "",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "enc", id: "rs_1" },
      },
      {
        type: "message",
        role: "assistant",
        content: [{ type: "text", text: "a", opaque: { maker: "gemini", kind: "signature", value: "t" } }],
      },
      {
        type: "tool_call",
        callId: "c1",
        name: "f",
        kind: "function",
        arguments: "{}",
        opaque: { maker: "gemini", kind: "signature", value: "c" },
      },
    ];
    const message = messageOf(encodeResponse(response(items), reply));
    expect(message["reasoning_content"]).toBe("hmone\n\ntwo");
    const back = decodeRequest({ body: { model: "m", messages: [...messages, message] } }).items.slice(1);
    expect(back).toMatchObject([
      { text: "hm", opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" } },
      { text: "", opaque: { maker: "anthropic-messages", kind: "redacted", value: "data" } },
      { id: "rs_1", summary: ["one\n\ntwo"], opaque: { maker: "openai-responses", value: "enc", id: "rs_1" } },
      { type: "message", content: [{ text: "a", opaque: { maker: "gemini", kind: "signature", value: "t" } }] },
      { type: "tool_call", opaque: { maker: "gemini", kind: "signature", value: "c" } },
    ] as object[]);
    expect(back).toHaveLength(5);
  });

  test("citations count from the start of the content", () => {
    const citation = { type: "url", url: "https://x", citedText: "said" } as const;
    const document = { type: "document", title: "Doc", citedText: "page" } as const;
    const body = encodeResponse(
      response([
        {
          type: "message",
          role: "assistant",
          content: [
            { type: "text", text: "abc" },
            { type: "text", text: "de", citations: [citation, document] },
          ],
        },
      ]),
      reply,
    );
    expect(messageOf(body)).toEqual({
      role: "assistant",
      content: "abcde",
      refusal: null,
      annotations: [
        {
          type: "url_citation",
          url_citation: { start_index: 3, end_index: 5, title: "https://x", url: "https://x", content: "said" },
        },
      ],
      citations: [{ type: "document", start_index: 3, end_index: 5, title: "Doc", cited_text: "page" }],
    });
  });

  test("a client that sent functions gets function_call", () => {
    const request = decodeRequest({ body: { model: "m", messages, functions: [{ name: "f" }] } });
    const items: Item[] = [{ type: "tool_call", callId: "c", name: "f", kind: "function", arguments: "" }];
    const made = response(items);
    made.candidates[0] = { index: 0, items, finishReason: "tool_calls", rawFinishReason: "tool_use" };
    const body = encodeResponse(made, { ...reply, request });
    expect(body["choices"]).toMatchObject([
      { finish_reason: "function_call", message: { content: null, function_call: { name: "f", arguments: "{}" } } },
    ]);
  });

  test("usage of another dialect", () => {
    const usage = { ...emptyUsage(), inputTokens: 3, outputTokens: 4, raw: { input_tokens: 3 } };
    expect(encodeResponse(response([], { usage }), reply)["usage"]).toMatchObject({
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
    });
  });

  test("opaque items of other dialects are left out, images are not", () => {
    const image = { type: "image", source: { type: "base64", data: "AA" }, mediaType: "image/png" } as const;
    const body = encodeResponse(
      response([
        { type: "opaque", dialect: "anthropic-messages", role: "assistant", value: { type: "server_tool_use" } },
        { type: "message", role: "assistant", content: [image] },
      ]),
      reply,
    );
    expect(messageOf(body)).toEqual({
      role: "assistant",
      content: null,
      refusal: null,
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }],
    });
  });
});
