import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { EVERYTHING } from "./fixtures/requests.ts";

function decode(body: JsonObject): ChatRequest {
  return decodeRequest({ body: { model: "gpt-5", ...body } });
}

function paramOf(body: JsonObject): string | undefined {
  try {
    decodeRequest({ body });
  } catch (error) {
    return error instanceof GatewayError && error.code === "invalid_request" ? error.fields.param : "another error";
  }
  return undefined;
}

describe("decodeRequest", () => {
  test("reads the fields that other dialects share", () => {
    const request = decode(EVERYTHING);
    expect(request).toMatchObject({
      model: "gpt-5.6",
      stream: true,
      parallelToolCalls: false,
      responseFormat: { type: "json_schema", name: "Book", schema: { type: "object" }, strict: true },
      reasoning: { effort: "high", summary: "auto" },
      maxOutputTokens: 900,
      temperature: 0.5,
      topP: 0.9,
      logprobs: true,
      topLogprobs: 3,
      verbosity: "low",
      serviceTier: "flex",
      promptCacheKey: "key-1",
      endUser: "person-1",
      metadata: { team: "ml" },
      store: false,
      previousResponseId: "resp_1",
      toolChoice: { type: "allowed", names: ["weather", "sql"], mode: "required" },
    });
    expect(request.tools.map((tool) => tool.type)).toEqual(["function", "custom", "web_search", "opaque", "opaque"]);
  });

  test("alternatives to tokens ask for log probabilities, none ask for nothing", () => {
    expect(decode({ input: "hi", top_logprobs: 2 })).toMatchObject({ logprobs: true, topLogprobs: 2 });
    const none = decode({ input: "hi", top_logprobs: 0 });
    expect([none.logprobs, none.topLogprobs]).toEqual([undefined, undefined]);
    const include = ["message.output_text.logprobs"];
    expect(decode({ input: "hi", top_logprobs: 0, include })).toMatchObject({ logprobs: true, topLogprobs: 0 });
  });

  test("reads the conversation", () => {
    const types = decode(EVERYTHING).items.map((item) => (item.type === "message" ? item.role : item.type));
    expect(types).toEqual([
      "system",
      "developer",
      "user",
      "reasoning",
      "assistant",
      "tool_call",
      "tool_result",
      "tool_call",
      "tool_result",
      "opaque",
      "opaque",
      "user",
    ]);
  });

  test("reads media, markers and encrypted reasoning", () => {
    const { items } = decode(EVERYTHING);
    const user = items[2];
    if (user?.type !== "message") throw new Error("no message");
    expect(user.content).toMatchObject([
      { type: "text", text: "What is this?", cache: {} },
      { type: "image", source: { type: "base64", data: "QUJD" }, mediaType: "image/png", detail: "high" },
      { type: "image", source: { type: "file_id", id: "file-1" } },
      { type: "file", source: { type: "base64", data: "UERG" }, mediaType: "application/pdf", filename: "a.pdf" },
      { type: "file", source: { type: "url", url: "https://example.com/b.pdf" } },
      { type: "audio", source: { type: "base64", data: "TVAz" }, mediaType: "audio/mpeg" },
      { type: "opaque", dialect: "openai-responses", value: { type: "input_hologram", depth: 3 } },
    ]);
    expect(items[3]).toMatchObject({
      summary: ["Look", "Think"],
      opaque: { maker: "openai-responses", kind: "encrypted", value: "gAAAA", id: "rs_1" },
    });
  });

  test("a request goes back as it came", () => {
    const warnings: Warning[] = [];
    const { body, path, headers } = encodeRequest(decode(EVERYTHING), { model: "gpt-5.6", warnings, flags: {} });
    expect(body).toEqual(EVERYTHING);
    expect(path).toBe("/responses");
    expect(headers).toEqual({});
    expect(warnings).toEqual([]);
  });

  const ODD: [string, JsonObject][] = [
    ["no input", { prompt: { id: "pmpt_1", variables: { city: "Rome" } } }],
    ["empty input", { input: [] }],
    ["a string", { input: "hi", instructions: "Be brief." }],
    [
      "nulls",
      { input: "hi", temperature: null, tools: null, text: null, reasoning: null, instructions: null, stream: null },
    ],
    [
      "empty objects",
      { input: "hi", text: {}, reasoning: {}, tools: [], metadata: {}, stream: false, instructions: "" },
    ],
    [
      "new words",
      { input: "hi", reasoning: { effort: "extreme", context: "all_turns" }, text: { format: { type: "xml" } } },
    ],
    [
      "fields of other hosts",
      { input: "hi", frequency_penalty: 0.5, seed: 7, top_k: 5, stop: ["x"], search_parameters: {} },
    ],
    ["both user fields", { input: "hi", user: "a", safety_identifier: "b" }],
    ["no alternatives to tokens", { input: "hi", top_logprobs: 0 }],
    [
      "null fields in tools",
      { input: "hi", tools: [{ type: "function", name: "f", description: null, parameters: null, strict: null }] },
    ],
    [
      "a tool choice of a provider's tool",
      { input: "hi", tool_choice: { type: "mcp", server_label: "docs", name: null } },
    ],
    [
      "an odd data URL",
      { input: [{ role: "user", content: [{ type: "input_image", image_url: "data:image/svg+xml,%3Csvg/%3E" }] }] },
    ],
    [
      "bare file data",
      { input: [{ role: "user", content: [{ type: "input_file", file_data: "UERG", file_id: null }] }] },
    ],
    [
      "content null",
      { input: [{ type: "message", role: "assistant", content: null, id: "msg_1", status: "completed" }] },
    ],
    [
      "output with an image",
      {
        input: [
          { type: "function_call", call_id: "c", name: "f", arguments: "" },
          {
            type: "function_call_output",
            call_id: "c",
            output: [
              { type: "input_text", text: "" },
              { type: "input_image", image_url: "https://a/b.png" },
            ],
          },
          { type: "function_call_output", call_id: "c", output: [], id: "fco_1", status: "completed" },
          { type: "function_call_output", call_id: "c", output: "" },
        ],
      },
    ],
    [
      "reasoning in parts",
      {
        input: [
          { type: "reasoning", id: "rs_1", summary: [], content: [] },
          {
            type: "reasoning",
            id: "rs_2",
            summary: [],
            content: [
              { type: "reasoning_text", text: "a" },
              { type: "reasoning_text", text: "b" },
            ],
          },
          { type: "reasoning", id: "rs_3", summary: [], encrypted_content: null, status: "completed" },
        ],
      },
    ],
    ["an item without a type", { input: [{ id: "msg_7" }] }],
  ];
  for (const [name, body] of ODD) {
    test(`${name} goes back as it came`, () => {
      const whole = { model: "gpt-5", ...body };
      expect(encodeRequest(decodeRequest({ body: whole }), { model: "gpt-5", warnings: [], flags: {} }).body).toEqual(
        whole,
      );
    });
  }

  test("names the field that is wrong", () => {
    expect(paramOf({})).toBe("model");
    expect(paramOf({ model: "" })).toBe("model");
    expect(paramOf({ model: "m", temperature: "1" })).toBe("temperature");
    expect(paramOf({ model: "m", input: 1 })).toBe("input");
    expect(paramOf({ model: "m", input: ["hi"] })).toBe("input[0]");
    expect(paramOf({ model: "m", input: [{ role: "wizard", content: "" }] })).toBe("input[0].role");
    expect(paramOf({ model: "m", input: [{ role: "user", content: 5 }] })).toBe("input[0].content");
    expect(paramOf({ model: "m", input: [{ role: "user", content: ["a"] }] })).toBe("input[0].content[0]");
    expect(paramOf({ model: "m", input: [{ type: "function_call", name: "f", arguments: "{}" }] })).toBe(
      "input[0].call_id",
    );
    expect(paramOf({ model: "m", tools: [{ type: "function" }] })).toBe("tools[0].name");
    expect(paramOf({ model: "m", tools: [{}] })).toBe("tools[0].type");
    expect(paramOf({ model: "m", text: "json" })).toBe("text");
    expect(paramOf({ model: "m", reasoning: [] })).toBe("reasoning");
    expect(paramOf({ model: "m", include: "x" })).toBe("include");
    expect(paramOf({ model: "m", stream: "yes" })).toBe("stream");
  });

  test("keys of the object prototype are keys like others", () => {
    const body = JSON.parse(
      '{"model":"m","__proto__":{"stream":true},"input":[{"role":"user","content":"a","__proto__":{"id":"x"}}]}',
    );
    const request = decodeRequest({ body });
    expect(request.stream).toBe(false);
    expect(({} as JsonObject).stream).toBeUndefined();
    expect(JSON.stringify(encodeRequest(request, { model: "m", warnings: [], flags: {} }).body)).toContain(
      '"__proto__":{"stream":true}',
    );
  });
});
