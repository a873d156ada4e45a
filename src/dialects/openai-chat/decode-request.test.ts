import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { Item } from "../../canonical/request.ts";
import { decodeRequest } from "./decode-request.ts";
import everything from "./fixtures/everything.json";
import { user } from "./fixtures/requests.ts";

describe("what no provider could accept", () => {
  const cases: [JsonObject, string][] = [
    [{ messages: [user] }, "model"],
    [{ model: 5, messages: [user] }, "model"],
    [{ model: "m", messages: null }, "messages"],
    [{ model: "m", messages: {} }, "messages"],
    [{ model: "m", messages: [] }, "messages"],
    [{ model: "m", messages: ["hi"] }, "messages[0]"],
    [{ model: "m", messages: [user, { content: "x" }] }, "messages[1].role"],
    [{ model: "m", messages: [{ role: "user", content: 5 }] }, "messages[0].content"],
    [{ model: "m", messages: [{ role: "user", content: ["x"] }] }, "messages[0].content[0]"],
    [{ model: "m", messages: [{ role: "user", content: [{ text: "x" }] }] }, "messages[0].content[0].type"],
    [{ model: "m", messages: [user], temperature: "hot" }, "temperature"],
    [{ model: "m", messages: [user], stream: "yes" }, "stream"],
    [{ model: "m", messages: [user], stop: [1] }, "stop[0]"],
    [{ model: "m", messages: [user], tools: {} }, "tools"],
    [{ model: "m", messages: [user], tools: [{ type: "function" }] }, "tools[0].function"],
    [{ model: "m", messages: [user], tools: [{ type: "function", function: {} }] }, "tools[0].function.name"],
    [{ model: "m", messages: [user], functions: ["f"] }, "functions[0]"],
  ];
  test.each(cases)("%j: %s", (body, param) => {
    let thrown: unknown;
    try {
      decodeRequest({ body });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).code).toBe("invalid_request");
    expect((thrown as GatewayError).fields.param).toBe(param);
    expect((thrown as GatewayError).message).toContain(param);
  });
});

describe("the neutral form", () => {
  test("a tool without a type that has a function is one", () => {
    const tools = [{ function: { name: "f", parameters: { type: "object" } } }];
    expect(decodeRequest({ body: { model: "m", messages: [user], tools } }).tools).toEqual([
      { type: "function", name: "f", parameters: { type: "object" } },
    ]);
  });

  test("of a request with everything", () => {
    const decoded = decodeRequest({ body: structuredClone(everything) as JsonObject });
    expect(decoded.items.map((item) => (item.type === "message" ? item.role : item.type))).toEqual([
      "system",
      "developer",
      "user",
      "reasoning",
      "assistant",
      "tool_call",
      "tool_call",
      "tool_result",
      "tool_result",
    ]);
    expect(decoded).toMatchObject({
      maxOutputTokens: 100,
      toolChoice: { type: "allowed", names: ["weather", "script"], mode: "required" },
      responseFormat: { type: "json_schema", name: "answer", strict: true },
      reasoning: { effort: "high" },
      stop: ["END"],
      topLogprobs: 2,
      endUser: "u1",
      includeUsage: true,
      modalities: ["text", "audio"],
    });
    expect(decoded.extensions["openai-chat"]).toEqual({
      audio: { voice: "alloy", format: "wav" },
      prediction: { type: "content", content: "x" },
      future_field: { a: 1 },
    });
    const third = decoded.items[2];
    expect(third?.type === "message" && third.content).toMatchObject([
      { type: "text", text: "Look", cache: {} },
      { type: "image", source: { type: "base64", data: "iVBO" }, mediaType: "image/png", detail: "low" },
      { type: "audio", source: { type: "base64", data: "UklG" }, mediaType: "audio/wav" },
      { type: "file", source: { type: "base64", data: "JVBE" }, mediaType: "application/pdf", filename: "a.pdf" },
    ]);
  });

  test("sealed state of another maker comes back, with its text, on the right item", () => {
    const thought = sealOpaque({ maker: "anthropic-messages", kind: "signature", value: "sig" }, "openai-chat");
    const called = sealOpaque({ maker: "gemini", kind: "signature", value: "call" }, "openai-chat");
    const said = sealOpaque({ maker: "gemini", kind: "signature", value: "text" }, "openai-chat");
    const message = {
      role: "assistant",
      content: "a",
      reasoning_content: "hm",
      reasoning_details: [
        { type: "reasoning.text", text: "hm", signature: thought, format: "unknown", index: 0 },
        { type: "reasoning.encrypted", data: called, id: "c1", format: "unknown", index: 1 },
        { type: "reasoning.encrypted", data: said, id: "content", format: "unknown", index: 2 },
      ],
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
    };
    const { items } = decodeRequest({ body: { model: "m", messages: [user, message] } });
    expect(items.slice(1)).toMatchObject([
      { type: "reasoning", text: "hm", opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" } },
      { type: "message", content: [{ text: "a", opaque: { maker: "gemini", kind: "signature", value: "text" } }] },
      { type: "tool_call", opaque: { maker: "gemini", kind: "signature", value: "call" } },
    ]);
    expect(items).toHaveLength(4);
  });

  test("beside sealed state, readable reasoning is the gateway's own copy or the same maker's thoughts", () => {
    const thought = sealOpaque({ maker: "anthropic-messages", kind: "signature", value: "sig" }, "openai-chat");
    const called = sealOpaque({ maker: "gemini", kind: "signature", value: "call" }, "openai-chat");
    const tool_calls = [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }];
    const reasoningOf = (message: JsonObject): Item[] =>
      decodeRequest({ body: { model: "m", messages: [{ role: "assistant", ...message }] } }).items.filter(
        ({ type }) => type === "reasoning",
      );
    const whole = { type: "reasoning.text", text: "hm, well", signature: thought, format: "unknown", index: 0 };
    expect(reasoningOf({ content: "a", reasoning_content: "well", reasoning_details: [whole] })).toMatchObject([
      { text: "hm, well", opaque: { maker: "anthropic-messages", value: "sig" } },
    ]);
    const state = { type: "reasoning.encrypted", data: called, id: "c1", format: "unknown", index: 0 };
    expect(reasoningOf({ reasoning_content: "hm", reasoning_details: [state], tool_calls })).toEqual([
      { type: "reasoning", summary: [], text: "hm" },
    ]);
  });

  const schema = { type: "object", properties: { a: { type: "string" } } };

  test.each([
    ["Fireworks", { type: "json_object", schema }],
    ["Together", { type: "json_schema", schema }],
  ])("%s: a schema beside the type is the schema", (_name, response_format) => {
    const { responseFormat } = decodeRequest({ body: { model: "m", messages: [user], response_format } });
    expect(responseFormat).toEqual({ type: "json_schema", schema });
  });

  test("enable_thinking alone leaves the amount to the model", () => {
    const { reasoning } = decodeRequest({ body: { model: "m", messages: [user], enable_thinking: true } });
    expect(reasoning).toEqual({ budgetTokens: -1 });
  });

  test("file_url is a document", () => {
    const content = [
      { type: "file_url", file_url: { url: "https://x/a.pdf" }, file_name: "a.pdf" },
      { type: "file_url", file_url: { url: "JVBE" } },
    ];
    const [item] = decodeRequest({ body: { model: "m", messages: [{ role: "user", content }] } }).items;
    expect(item).toMatchObject({
      content: [
        { type: "file", source: { type: "url", url: "https://x/a.pdf" }, filename: "a.pdf" },
        { type: "file", source: { type: "base64", data: "JVBE" } },
      ],
    });
  });
});
