import { describe, expect, test } from "bun:test";
import type { EmbeddingInput } from "./embeddings.ts";
import type { RerankRequest } from "./rerank.ts";
import { weighEmbeddings } from "./weigh-embeddings.ts";
import { weighRerank } from "./weigh-rerank.ts";

const BASE = { model: "m", stream: false, extensions: {}, warnings: [] };

test("embeddings weigh texts by length, tokens as they are, images by the piece", () => {
  const weigh = (...inputs: EmbeddingInput[]): object => weighEmbeddings({ ...BASE, inputs, isSingle: false });
  expect(weigh({ type: "text", text: "12345" })).toEqual({ inputTokens: 2, outputTokens: 0, hasImages: false });
  expect(weigh({ type: "tokens", tokens: [1, 2, 3] })).toMatchObject({ inputTokens: 3 });
  const image = { type: "image", source: { type: "url", url: "https://a/b.png" } } as const;
  expect(weigh({ type: "parts", parts: [{ type: "text", text: "1234" }, image] })).toEqual({
    inputTokens: 1201,
    outputTokens: 0,
    hasImages: true,
  });
});

describe("rerank", () => {
  const weigh = (documents: RerankRequest["documents"]): object => weighRerank({ ...BASE, query: "1234", documents });

  test("weighs the query once for each document", () => {
    expect(weigh(["12345678", { a: 1 }])).toMatchObject({ inputTokens: 1 + 2 + 1 + 2, units: { searches: 1 } });
  });

  test("counts a search for each hundred documents that have begun", () => {
    expect(weigh(Array.from({ length: 100 }, () => "a"))).toMatchObject({ units: { searches: 1 } });
    expect(weigh(Array.from({ length: 101 }, () => "a"))).toMatchObject({ units: { searches: 2 } });
  });
});
