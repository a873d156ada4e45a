import { expect, test } from "bun:test";
import type { Json } from "../../canonical/json.ts";
import type { TaskWireAnswer } from "../../canonical/task.ts";
import type { RerankRequest } from "../../canonical/tasks/rerank.ts";
import type { Warning } from "../../canonical/warning.ts";
import { rerank } from "./rerank.ts";

const request: RerankRequest = {
  model: "bge-reranker-large",
  stream: false,
  query: "What is Deep Learning?",
  documents: ["Deep Learning is not...", { title: "Deep", year: 7 }],
  extensions: {},
  warnings: [],
};

const answer = (json: Json): TaskWireAnswer => ({
  contentType: "application/json",
  bytes: new Uint8Array(),
  json: () => json,
});

test("documents are texts, also those with fields", () => {
  const warnings: Warning[] = [];
  const encode = (more: Partial<RerankRequest>) =>
    rerank.encodeRequest({ ...request, ...more }, { model: "m", warnings, flags: {} });
  expect(encode({ topN: 1, returnDocuments: true })).toEqual({
    path: "/rerank",
    headers: {},
    body: {
      json: {
        query: "What is Deep Learning?",
        texts: ["Deep Learning is not...", "title: Deep\nyear: 7"],
        truncate: true,
        return_text: true,
      },
    },
  });
  expect(warnings).toEqual([]);
  expect(encode({ rankFields: ["title"], maxTokensPerDocument: 9 }).body).toMatchObject({
    json: { texts: ["Deep Learning is not...", "Deep"] },
  });
  expect(warnings.map(({ field }) => field)).toEqual(["max_tokens_per_doc"]);
});

test("the list is the ranking, best first, as long as asked", () => {
  const ranked = [
    { index: 0, score: 0.02294873, text: "Deep Learning is not..." },
    { index: 1, score: 0.9988041 },
  ];
  const best = { index: 1, score: 0.9988041 };
  const last = { index: 0, score: 0.02294873, document: "Deep Learning is not..." };
  expect(rerank.decodeResponse(answer(ranked), request)).toEqual({ id: "", model: "", results: [best, last] });
  expect(rerank.decodeResponse(answer(ranked), { ...request, topN: 1 }).results).toEqual([best]);
});

test.each([[null], [{}], ["x"], [[null]], [[{ index: 0 }]], [[{ index: "0", score: 1 }]]])(
  "%j is no ranking",
  (body) => {
    expect(() => rerank.decodeResponse(answer(body), request)).toThrow("no ranking");
  },
);
