import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { bedrockConverse } from "./index.ts";

const MODEL = "anthropic.claude-sonnet-4-6";

function roundTrip(body: JsonObject): { body: JsonObject; warnings: TargetContext["warnings"] } {
  const target: TargetContext = { model: MODEL, warnings: [], flags: {}, maxOutputTokens: 64_000 };
  const request = bedrockConverse.decodeRequest({ body: structuredClone(body), pathModel: "asked" });
  const encoded = bedrockConverse.encodeRequest(request, target).body;
  return { body: JSON.parse(JSON.stringify(encoded)), warnings: target.warnings };
}

const user = (...content: JsonObject[]): JsonObject => ({ role: "user", content });
const assistant = (...content: JsonObject[]): JsonObject => ({ role: "assistant", content });
const text = (value: string): JsonObject => ({ text: value });
const base = (fields: JsonObject): JsonObject => ({ messages: [user(text("hi"))], ...fields });

const s3 = { s3Location: { uri: "s3://bucket/key", bucketOwner: "123456789012" } };
const point = { cachePoint: { type: "default" } };
const oneHour = { cachePoint: { type: "default", ttl: "1h" } };
const json = { type: "object", properties: { a: { type: "string" } } };

/** Content blocks, each of which must come out as it went in. */
const BLOCKS: Record<string, JsonObject> = {
  text: text("hello"),
  "blank text": text(" "),
  "text with a field of the future": { text: "x", mood: "good" },
  image: { image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } },
  "image in S3": { image: { format: "webp", source: s3 } },
  "image of a format of the future": { image: { format: "avif", source: { bytes: "AAAA" } } },
  "image with an error": { image: { format: "png", source: { bytes: "AAAA" }, error: { message: "bad" } } },
  "image of a source of the future": { image: { format: "png", source: { arn: "arn:x" } } },
  video: { video: { format: "three_gp", source: { s3Location: { uri: "s3://bucket/film" } } } },
  audio: { audio: { format: "mka", source: { bytes: "AAAA" } } },
  document: {
    document: {
      format: "docx",
      name: "My doc",
      source: { bytes: "AAAA" },
      context: "c",
      citations: { enabled: false },
    },
  },
  "document without a format": { document: { name: "n", source: s3 } },
  "document as text": { document: { format: "txt", name: "n", source: { text: "words" } } },
  "document of blocks": { document: { name: "n", source: { content: [{ text: "a" }, { text: "b" }] } } },
  "search result": { searchResult: { source: "https://a.example", title: "t", content: [{ text: "x" }] } },
  guarded: { guardContent: { text: { text: "look at this", qualifiers: ["query", "guard_content"] } } },
  "guarded image": { guardContent: { image: { format: "jpeg", source: { bytes: "/9j/" } } } },
  "of the future": { hologram: { bytes: "AAAA" } },
  "tool use": { toolUse: { toolUseId: "t1", name: "f", input: { a: [1, { b: null }] } } },
  "tool use with odd input": { toolUse: { toolUseId: "t1", name: "f", input: "words" } },
  "tool use of the provider": {
    toolUse: { toolUseId: "t1", name: "nova_grounding", input: {}, type: "server_tool_use" },
  },
  reasoning: { reasoningContent: { reasoningText: { text: "hm", signature: "EqQB+/=" } } },
  "reasoning without a signature": { reasoningContent: { reasoningText: { text: "hm" } } },
  "redacted reasoning": { reasoningContent: { redactedContent: "c2VjcmV0" } },
  citations: {
    citationsContent: {
      content: [{ text: "said" }],
      citations: [{ title: "t", location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } }],
    },
  },
  "citations over several texts": {
    citationsContent: { content: [{ text: "a" }, { text: "b" }], citations: [{ source: "x" }] },
  },
  "tool results": {
    toolResult: {
      toolUseId: "t1",
      content: [
        { text: "a" },
        { json: { deep: [1, 2] } },
        { json: "bare" },
        { image: { format: "png", source: { bytes: "AAAA" } } },
        { document: { format: "pdf", name: "n", source: { bytes: "AAAA" } } },
        { video: { format: "mp4", source: { bytes: "AAAA" } } },
        { searchResult: { source: "s", title: "t", content: [{ text: "x" }], citations: { enabled: true } } },
        { hologram: {} },
      ],
      status: "error",
    },
  },
  "a result without content": { toolResult: { toolUseId: "t1", content: [], status: "success" } },
  "a result of the provider": { toolResult: { toolUseId: "t1", content: [], type: "nova_grounding_result" } },
};

const BODIES: Record<string, JsonObject> = {
  "the smallest": base({}),
  "a stored prompt": { promptVariables: { topic: { text: "x" } } },
  system: base({
    system: [text("a"), oneHour, { guardContent: { text: { text: "b" } } }, point, point, { later: 1 }],
  }),
  "no system": base({ system: [] }),
  "cache points": {
    messages: [user(text("a"), point, oneHour), assistant(text("b")), user(point, text("c"), oneHour)],
  },
  "turns of one side": { messages: [user(text("a")), user(text("b")), assistant(text("c")), assistant(text("d"))] },
  "system among the turns": {
    messages: [user(text("a")), { role: "system", content: [text("b"), { toolAddition: { tool: { name: "t" } } }] }],
  },
  "a turn without content": { messages: [user(text("a")), assistant(), user(text("b"))] },
  "a turn with more fields": { messages: [{ ...user(text("a")), id: "m1" }] },
  inference: base({ inferenceConfig: { maxTokens: 9, temperature: 0, topP: 1, stopSequences: ["a", " "], later: 1 } }),
  "empty objects": base({ inferenceConfig: {}, toolConfig: {}, additionalModelRequestFields: {}, outputConfig: {} }),
  "structured output in Claude's words": base({
    additionalModelRequestFields: { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
  }),
  "everything else": base({
    additionalModelRequestFields: {
      thinking: { type: "enabled", budget_tokens: 1024 },
      top_k: 3,
      anthropic_beta: ["x"],
    },
    additionalModelResponseFieldPaths: ["/stop_sequence"],
    guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1", trace: "enabled" },
    performanceConfig: { latency: "optimized" },
    promptVariables: { a: { text: "b" } },
    requestMetadata: { team: "ml" },
    serviceTier: { type: "priority" },
    outputConfig: {
      textFormat: { type: "json_schema", structure: { jsonSchema: { schema: '{"type":"object"}', name: "n" } } },
      effort: "max",
    },
    ofTheFuture: [1],
  }),
  tools: base({
    toolConfig: {
      tools: [
        { toolSpec: { name: "f", description: "d", inputSchema: { json }, strict: true } },
        oneHour,
        { toolSpec: { name: "g", inputSchema: { json: {} }, later: 1 } },
        { systemTool: { name: "nova_grounding" } },
        point,
        { systemTool: { name: "nova_code_interpreter" } },
      ],
      toolChoice: { tool: { name: "f" } },
      later: 1,
    },
  }),
  "tools without any": base({ toolConfig: { tools: [], toolChoice: { any: {} } } }),
  "a tool choice of the future": base({
    toolConfig: { tools: [{ toolSpec: { name: "f", inputSchema: { json } } }], toolChoice: { some: { names: ["f"] } } },
  }),
};

describe("a request of this dialect comes out as it went in", () => {
  for (const [name, body] of Object.entries(BODIES)) {
    test(name, () => expect(roundTrip(body)).toEqual({ body, warnings: [] }));
  }

  for (const [name, block] of Object.entries(BLOCKS)) {
    test(`with ${name}`, () => {
      for (const turn of [user, assistant]) {
        const body = { messages: [turn(block), user(text("a"), block, text("b"))] };
        expect(roundTrip(body)).toEqual({ body, warnings: [] });
      }
    });
  }

  test("whatever blocks stand together, cache points between them", () => {
    const blocks = [...Object.values(BLOCKS), point, oneHour];
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 500; round += 1) {
      const messages = Array.from({ length: 1 + random(4) }, () => {
        const content = Array.from({ length: random(5) }, () => blocks[random(blocks.length)] ?? {});
        return random(2) === 0 ? user(...content) : assistant(...content);
      });
      expect(roundTrip({ messages })).toEqual({ body: { messages }, warnings: [] });
    }
  });
});

describe("what is refused", () => {
  const param = (body: JsonObject, pathModel = "m"): string | undefined => {
    try {
      bedrockConverse.decodeRequest({ body, pathModel });
      return undefined;
    } catch (error) {
      return error instanceof GatewayError ? error.fields.param : "not an error of the catalogue";
    }
  };

  test.each([
    [{ messages: "x" }, "messages"],
    [{ messages: [1] }, "messages[0]"],
    [{ messages: [{ role: "tool", content: [] }] }, "messages[0].role"],
    [{ messages: [{ role: "user", content: "x" }] }, "messages[0].content"],
    [{ messages: [{ role: "user", content: ["x"] }] }, "messages[0].content[0]"],
    [{ system: "x" }, "system"],
    [{ inferenceConfig: { maxTokens: "9" } }, "inferenceConfig.maxTokens"],
    [{ inferenceConfig: { stopSequences: "x" } }, "inferenceConfig.stopSequences"],
    [{ toolConfig: { tools: [1] } }, "toolConfig.tools[0]"],
    [{ input: { invokeModel: { body: "e30=" } } }, "input.invokeModel"],
  ] as [JsonObject, string][])("%j", (body, field) => {
    expect(param(body)).toBe(field);
  });

  test("a request without a model", () => expect(param({ messages: [] }, "")).toBe("modelId"));
});
