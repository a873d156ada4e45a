import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import { patchBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel } from "../../lib/json-scan.ts";
import type { Letter } from "./endpoints/endpoint.ts";
import { openInvoke } from "./open-invoke.ts";

function letter(json: JsonObject, more: Partial<Letter> = {}): Letter {
  const text = JSON.stringify(json);
  const body = { text, json, scan: scanTopLevel(text, { maxDepth: 100 }), form: null };
  return { body, headers: new Headers({ "anthropic-beta": "one" }), pathModel: "alias", pathStream: false, ...more };
}

const HI = [{ role: "user", content: "Hi" }];

describe("what a body is", () => {
  test.each([
    ["anthropic-messages", "chat", { anthropic_version: "bedrock-2023-05-31", max_tokens: 9, messages: HI }],
    ["bedrock-converse", "chat", { messages: [{ role: "user", content: [{ text: "Hi" }] }] }],
    ["openai-chat", "chat", { messages: HI, max_tokens: 9 }],
    ["bedrock-text", "chat", { inputText: "Hi" }],
    ["bedrock-text", "chat", { inputText: "Hi", textGenerationConfig: { topP: 1 } }],
    ["bedrock-text", "chat", { prompt: "Hi", max_gen_len: 9 }],
    ["bedrock-text", "chat", { message: "Hi", chat_history: [] }],
    ["bedrock-text", "embeddings", { inputText: "Hi", dimensions: 256 }],
    ["bedrock-text", "embeddings", { inputImage: "aGk=" }],
    ["bedrock-text", "embeddings", { texts: ["Hi"], input_type: "search_query" }],
    ["cohere", "rerank", { query: "Hi", documents: ["a"], api_version: 2 }],
  ] as const)("%s %s: %j", (dialect, operation, body) => {
    expect(openInvoke(letter(structuredClone(body) as unknown as JsonObject))).toMatchObject({ dialect, operation });
  });

  test("what Nova's bodies have beside those of Converse goes where Converse has it", () => {
    const messages = [{ role: "user", content: [{ text: "Hi" }] }];
    const inferenceConfig = { max_new_tokens: 9, topP: 0.5, topK: 7 };
    const { body } = openInvoke(letter({ schemaVersion: "messages-v1", messages, inferenceConfig }));
    expect(body.json).toEqual({
      messages,
      inferenceConfig: { topP: 0.5, maxTokens: 9 },
      additionalModelRequestFields: { inferenceConfig: { topK: 7 } },
    });
    expect(body.edits).toEqual(
      new Map([
        ["schemaVersion", null],
        ["inferenceConfig", '{"topP":0.5,"maxTokens":9}'],
        ["additionalModelRequestFields", '{"inferenceConfig":{"topK":7}}'],
      ]),
    );
  });

  test("Titan's text and embeddings are told apart by the model's name where the body does not", () => {
    const open = (pathModel: string): string => openInvoke(letter({ inputText: "Hi" }, { pathModel })).operation;
    expect(open("amazon.titan-embed-text-v1")).toBe("embeddings");
    expect(open("amazon.titan-text-express-v1")).toBe("chat");
  });

  test("a body of no known fields is not taken", () => {
    expect(() => openInvoke(letter({ foo: 1 }))).toThrow("no known model");
  });
});

describe("what stands beside a body", () => {
  const body = {
    anthropic_version: "bedrock-2023-05-31",
    anthropic_beta: ["two", "three"],
    max_tokens: 9,
    messages: HI,
  };

  test("comes into it: model, stream and betas", () => {
    const opened = openInvoke(letter(body, { pathStream: true }));
    expect(opened.body.json).toEqual({ max_tokens: 9, messages: HI, model: "alias", stream: true });
    expect(opened.headers.get("anthropic-beta")).toBe("one,two,three");
    expect([...opened.headers.keys()]).toEqual(["anthropic-beta"]);
    const sent = patchBody(opened.body, opened.body.edits ?? new Map());
    expect(JSON.parse(sent)).toEqual(opened.body.json);
    expect(sent).toContain(JSON.stringify(HI));
  });

  test("a body cannot say otherwise", () => {
    const opened = openInvoke(letter({ ...body, model: "other", stream: true }));
    const sent = patchBody(opened.body, opened.body.edits ?? new Map());
    expect(JSON.parse(sent)).toEqual({ max_tokens: 9, messages: HI, model: "alias" });
    expect(opened.body.json).toEqual({ max_tokens: 9, messages: HI, model: "alias" });
  });

  test.each([[["a\r\nx-evil: 1"]], [["a,b"]], [[7]], [{}], [""]])("betas %j get into no header", (anthropic_beta) => {
    expect(() => openInvoke(letter({ ...body, anthropic_beta }))).toThrow("anthropic_beta");
  });
});
