import { describe, expect, test } from "bun:test";
import type { ProviderFlags } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { EmbeddingsRequest } from "../../canonical/tasks/embeddings.ts";
import type { Warning } from "../../canonical/warning.ts";
import { embeddings } from "./embeddings/index.ts";

const decode = (body: JsonObject) => embeddings.decodeRequest({ body, form: null, pathModel: "text-embedding-005" });

function encode(request: EmbeddingsRequest, flags: ProviderFlags = {}) {
  const warnings: Warning[] = [];
  const encoded = embeddings.encodeRequest(request, { model: "text-embedding-005", warnings, flags });
  return {
    path: encoded.path,
    json: encoded.body !== null && "json" in encoded.body ? encoded.body.json : null,
    warnings,
  };
}

function answer(json: Json) {
  const wire = { contentType: "application/json", bytes: new Uint8Array(), json: () => json };
  return embeddings.decodeResponse(wire, decode({ instances: [{ content: "x" }] }));
}

/** The request of https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
const REQUEST = {
  instances: [
    { content: "What is life?", task_type: "RETRIEVAL_DOCUMENT", title: "document title" },
    { content: "And death?", task_type: "RETRIEVAL_DOCUMENT", title: "document title" },
  ],
  parameters: { autoTruncate: false, outputDimensionality: 256 },
};

describe("a request", () => {
  test("says what it says, and comes out as it went in", () => {
    const request = decode(REQUEST);
    expect(request).toMatchObject({
      model: "text-embedding-005",
      inputs: [
        { type: "text", text: "What is life?" },
        { type: "text", text: "And death?" },
      ],
      dimensions: 256,
      truncate: "none",
      purpose: "document",
      title: "document title",
      warnings: [],
    });
    expect(encode(request)).toEqual({ path: "/models/text-embedding-005:predict", json: REQUEST, warnings: [] });
    expect(embeddings.weigh(request).inputTokens).toBe(6);
  });

  test("keeps what canonical does not know", () => {
    const request = decode({ instances: [{ content: "x" }], parameters: { other: 1 } });
    expect(encode(request).json).toEqual({ instances: [{ content: "x" }], parameters: { other: 1 } });
  });

  test("warns of what only a relay keeps", () => {
    const fields = (body: JsonObject) => decode(body).warnings.map(({ field }) => field);
    expect(fields({ instances: [{ content: "x", task_type: "CLUSTERING" }, { content: "y" }] })).toEqual([
      "instances.task_type",
    ]);
    expect(fields({ instances: [{ content: "x", task_type: "NEW_TYPE" }] })).toEqual(["instances.task_type"]);
  });

  test.each([[{}], [{ instances: [] }], [{ instances: "x" }], [{ instances: [1] }], [{ instances: [{ content: 1 }] }]])(
    "%j is refused",
    (body) => {
      expect(() => decode(body as JsonObject)).toThrow(GatewayError);
    },
  );

  test("for embedContent holds one content", () => {
    const request = { ...decode(REQUEST), inputs: [{ type: "text" as const, text: "x" }] };
    expect(encode(request, { embedContent: true }).json).toEqual({
      content: { parts: [{ text: "x" }] },
      embedContentConfig: {
        outputDimensionality: 256,
        autoTruncate: false,
        taskType: "RETRIEVAL_DOCUMENT",
        title: "document title",
      },
    });
    expect(() => encode(decode(REQUEST), { embedContent: true })).toThrow("one input a call");
  });

  test("does not drop silently what the wire lacks", () => {
    const request: EmbeddingsRequest = { ...decode(REQUEST), truncate: "start", encodings: ["int8"], endUser: "u" };
    expect(encode(request).warnings.map(({ field }) => field)).toEqual(["truncate", "encodings", "user"]);
    expect(() => encode({ ...request, inputs: [{ type: "tokens", tokens: [1] }] })).toThrow("token ids");
  });
});

describe("an answer", () => {
  test("of predict", () => {
    const predictions = [
      { embeddings: { statistics: { truncated: false, token_count: 6 }, values: [0.1, -0.2] } },
      { embeddings: { statistics: { truncated: false, token_count: 4 }, values: [0.3, 0.4] } },
    ];
    const read = answer({ predictions });
    expect(read).toMatchObject({
      vectors: [
        [0.1, -0.2],
        [0.3, 0.4],
      ],
      usage: { inputTokens: 10 },
    });
    const request = decode(REQUEST);
    const { body } = embeddings.encodeResponse(read, { requestId: "r", createdAt: 0, request });
    expect(JSON.parse(String(body)).predictions[0]).toEqual({
      embeddings: { values: [0.1, -0.2], statistics: { truncated: false, token_count: 10 } },
    });
  });

  test("of embedContent", () => {
    const read = answer({ embedding: { values: [0.5] }, usageMetadata: { promptTokenCount: 3 }, truncated: false });
    expect(read).toMatchObject({ vectors: [[0.5]], usage: { inputTokens: 3 } });
  });

  test.each([
    [null],
    [{}],
    [{ predictions: [{}] }],
    [{ embedding: { values: ["x"] } }],
    [{ predictions: [{ embeddings: { values: 1 } }] }],
  ])("%j is none", (json) => {
    expect(() => answer(json)).toThrow("holds no embeddings");
  });
});

/** The value with each part of it in turn replaced by something else, or gone. */
function* mutations(value: Json): Generator<Json> {
  yield* [null, -1, "", "x", [], {}, [null], { a: null }, true];
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) for (const next of mutations(each)) yield value.with(at, next);
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    for (const next of mutations(each ?? null)) yield { ...value, [key]: next };
    const { [key]: _, ...rest } = value;
    yield rest;
  }
}

/** Runs what may refuse its input, in our own words only. */
function survive(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

test("garbage is refused, never stumbled over", () => {
  let count = 0;
  for (const body of mutations(REQUEST)) {
    count += 1;
    if (!isJsonObject(body)) continue;
    survive(() => embeddings.weigh(decode(body)));
    survive(() => encode(decode(body)));
    survive(() => encode(decode(body), { embedContent: true }));
  }
  const predictions = [{ embeddings: { statistics: { token_count: 6 }, values: [0.1] } }];
  for (const wire of [
    { predictions, metadata: {} },
    { embedding: { values: [0.5] }, usageMetadata: {} },
  ]) {
    for (const json of mutations(wire)) {
      count += 1;
      survive(() => answer(json));
    }
  }
  expect(count).toBeGreaterThan(150);
});
