import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import type { Warning } from "../../../canonical/warning.ts";
import { embeddings } from "./index.ts";

const TITAN = "amazon.titan-embed-text-v2:0";
const TITAN_IMAGE = "amazon.titan-embed-image-v1";
const COHERE = "cohere.embed-english-v3";
const COHERE_4 = "us.cohere.embed-v4:0";
const PNG = "iVBORw0KGgo=";

const decode = (body: JsonObject, pathModel = "alias"): EmbeddingsRequest =>
  embeddings.decodeRequest({ body, form: null, pathModel });

function encode(request: EmbeddingsRequest, model: string): { body: Json; warnings: string[] } {
  const warnings: Warning[] = [];
  const { body } = embeddings.encodeRequest({ ...request, model }, { model, warnings, flags: {} });
  return { body: body !== null && "json" in body ? body.json : null, warnings: warnings.map(({ field }) => field) };
}

const read = (body: Json): EmbeddingsAnswer =>
  embeddings.decodeResponse(
    { contentType: "application/json", bytes: new Uint8Array(), json: () => body },
    decode({ inputText: "x" }),
  );

function write(answer: EmbeddingsAnswer, body: JsonObject): JsonObject {
  const reply = { requestId: "req_1", createdAt: 0, request: decode(body) };
  return JSON.parse(String(embeddings.encodeResponse(answer, reply).body));
}

const image = `data:image/png;base64,${PNG}`;

/** Bodies as the vendors document them, and what they ask for. */
const BODIES: [string, string, JsonObject, object][] = [
  [
    "Titan 1",
    "amazon.titan-embed-text-v1",
    { inputText: "Hi" },
    { inputs: [{ type: "text", text: "Hi" }], isSingle: true },
  ],
  [
    "Titan 2",
    TITAN,
    { inputText: "Hi", dimensions: 256, normalize: true, embeddingTypes: ["float", "binary"] },
    { dimensions: 256, encodings: ["float", "binary"] },
  ],
  [
    "Titan with an image",
    TITAN_IMAGE,
    { inputText: "Hi", inputImage: PNG, embeddingConfig: { outputEmbeddingLength: 384 } },
    { dimensions: 384, inputs: [{ type: "parts", parts: [{ type: "text", text: "Hi" }, { type: "image" }] }] },
  ],
  [
    "Cohere 3",
    COHERE,
    { texts: ["a", "b"], input_type: "search_query", truncate: "START", embedding_types: ["int8", "float"] },
    { purpose: "query", truncate: "start", encodings: ["int8", "float"], isSingle: false },
  ],
  ["Cohere 3 with an image", COHERE, { images: [image], input_type: "image" }, { inputs: [{ type: "parts" }] }],
  [
    "Cohere 4",
    COHERE_4,
    {
      inputs: [
        {
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: image },
          ],
        },
      ],
      input_type: "search_document",
      truncate: "RIGHT",
      output_dimension: 512,
      max_tokens: 100,
    },
    { purpose: "document", truncate: "end", dimensions: 512 },
  ],
];

describe("requests", () => {
  test.each(BODIES)("%s is read and comes out as it went in", (_, model, body, wanted) => {
    const request = decode(body, model);
    expect(request).toMatchObject({ model, ...wanted });
    expect(encode(request, model)).toEqual({ body, warnings: [] });
  });

  test("one text crosses between the families, with a warning for what is lost", () => {
    const cohere = decode({ texts: ["Hi"], input_type: "clustering", truncate: "END", embedding_types: ["uint8"] });
    expect(encode(cohere, TITAN)).toEqual({
      body: { inputText: "Hi" },
      warnings: ["purpose", "truncate", "encodings.uint8"],
    });
    const titan = decode({ inputText: "Hi", dimensions: 256, normalize: false });
    expect(encode(titan, COHERE)).toEqual({
      body: { texts: ["Hi"], input_type: "search_document" },
      warnings: ["normalize", "dimensions"],
    });
    expect(encode(titan, COHERE_4).body).toEqual({
      texts: ["Hi"],
      input_type: "search_document",
      output_dimension: 256,
    });
  });

  test("what a model cannot embed is refused before the call", () => {
    const several = decode({ texts: ["a", "b"], input_type: "search_query" });
    expect(() => encode(several, TITAN)).toThrow("embeds one input a call");
    const picture = decode({ images: [image], input_type: "image" });
    expect(() => encode(picture, TITAN)).toThrow("does not embed image");
    expect(() => encode({ ...picture, inputs: [{ type: "tokens", tokens: [1] }] }, COHERE)).toThrow(
      "texts, not tokens",
    );
    expect(() => encode(several, "acme.embed")).not.toThrow();
  });

  test.each([
    [{ inputText: 7 }, "inputText"],
    [{ inputImage: 7 }, "inputImage"],
    [{ texts: "a", input_type: "x" }, "texts"],
    [{ texts: [7], input_type: "x" }, "texts"],
    [{ input_type: "x" }, "texts"],
    [{ images: ["http://x"], input_type: "image" }, "images"],
    [{ inputs: [{}], input_type: "x" }, "inputs"],
    [{ texts: ["a"], embedding_types: ["float64"] }, "embedding_types"],
  ])("%j is refused at %s", (body, param) => {
    expect.assertions(2);
    try {
      decode(body);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).fields.param).toBe(param);
    }
  });

  test("weigh by their texts", () => {
    expect(embeddings.weigh(decode({ texts: ["12345678", "1234"], input_type: "x" }))).toMatchObject({
      inputTokens: 3,
      hasImages: false,
    });
    expect(embeddings.weigh(decode({ images: [image], input_type: "image" }))).toMatchObject({ hasImages: true });
  });
});

describe("answers", () => {
  test.each([
    [{ embedding: [0.5, 1], inputTextTokenCount: 3 }, { inputText: "Hi" }, [[0.5, 1]]],
    [
      { embedding: [0.5], embeddingsByType: { float: [0.5], binary: [1, 0] }, inputTextTokenCount: 3 },
      { inputText: "Hi", embeddingTypes: ["float", "binary"] },
      [[0.5]],
    ],
    [
      { id: "e-1", response_type: "embeddings_floats", embeddings: [[0.5], [1]], texts: ["a", "b"] },
      { texts: ["a", "b"], input_type: "search_query" },
      [[0.5], [1]],
    ],
    [
      { id: "e-1", response_type: "embeddings_by_type", embeddings: { int8: [[1], [2]] }, texts: ["a", "b"] },
      { texts: ["a", "b"], input_type: "search_query", embedding_types: ["int8"] },
      [],
    ],
  ] as [JsonObject, JsonObject, number[][]][])("%j is read and comes out as it went in", (body, request, vectors) => {
    const answer = read(body);
    expect(answer.vectors).toEqual(vectors);
    if ("inputTextTokenCount" in body) expect(answer.usage?.inputTokens).toBe(3);
    expect(write(answer, request)).toEqual(body);
  });

  test.each([[null], [{}], [{ embedding: "x" }], [{ embeddings: [["x"]] }], [{ embeddings: {} }], [[1]]])(
    "%j is no answer",
    (body) => {
      expect(() => read(body)).toThrow(GatewayError);
    },
  );
});
