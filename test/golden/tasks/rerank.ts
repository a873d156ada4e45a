import type { TaskAnswerCase, TaskRequestCase } from "./case.ts";

const query = "capital of France";
const documents = ["Paris is big.", "Rome is old."];
const RECORDS = [
  { title: "Paris", text: "It is big." },
  { title: "Rome", text: "It is old." },
];
const operation = "rerank" as const;

/** What to rank. */
export const RERANK_REQUESTS: TaskRequestCase[] = [
  {
    operation,
    name: "texts",
    facts: [query, ...documents, 1],
    wire: {
      "ai-gateway": { query, documents: { type: "text", values: documents }, topN: 1 },
      jina: { query, documents, top_n: 1 },
      cohere: { query, documents, top_n: 1 },
      "cohere-v1": { query, documents, top_n: 1 },
    },
  },
  {
    operation,
    name: "with-documents",
    facts: [query, ...documents],
    wire: {
      "ai-gateway": "the client has its documents",
      jina: { query, documents, return_documents: true },
      cohere: "the client has its documents",
      "cohere-v1": { query, documents, return_documents: true },
    },
  },
  {
    operation,
    name: "without-documents",
    facts: [query, ...documents],
    wire: {
      "ai-gateway": { query, documents: { type: "text", values: documents } },
      jina: { query, documents, return_documents: false },
      cohere: { query, documents },
      "cohere-v1": { query, documents, return_documents: false },
    },
  },
  {
    operation,
    name: "records",
    facts: [query, "Paris", "It is old."],
    wire: {
      "ai-gateway": { query, documents: { type: "object", values: RECORDS } },
      jina: { query, documents: RECORDS },
      cohere: "texts",
      "cohere-v1": { query, documents: RECORDS, rank_fields: ["title", "text"], return_documents: true },
    },
  },
  {
    operation,
    name: "token-limit-and-unknown-field",
    facts: [query, 512, "of-the-future"],
    wire: {
      "ai-gateway": { query, documents: { type: "text", values: documents }, newOption: "of-the-future" },
      jina: { query, documents, new_option: "of-the-future" },
      cohere: { query, documents, max_tokens_per_doc: 512, new_option: "of-the-future" },
      "cohere-v1": { query, documents, max_chunks_per_doc: 512, new_option: "of-the-future" },
    },
  },
];

const RANKED = [
  { index: 0, relevance_score: 0.99 },
  { index: 1, relevance_score: 0.125 },
];
const META = { api_version: { version: "2" }, billed_units: { search_units: 1 } };

const RANKING = {
  ranking: [
    { index: 0, relevanceScore: 0.99 },
    { index: 1, relevanceScore: 0.125 },
  ],
  warnings: [],
};
const LIST = "a list, not an object: it has tests of its own";

/** Rankings. */
export const RERANK_ANSWERS: TaskAnswerCase[] = [
  {
    operation,
    name: "scores",
    request: "without-documents",
    wire: {
      "ai-gateway": RANKING,
      jina: { model: "m", object: "list", usage: { total_tokens: 12, prompt_tokens: 12 }, results: RANKED },
      cohere: { id: "r1", results: RANKED, meta: META },
      tei: LIST,
    },
  },
  {
    operation,
    name: "documents",
    request: "with-documents",
    wire: {
      "ai-gateway": RANKING,
      jina: {
        id: "rerank-1",
        model: "m",
        usage: { total_tokens: 12 },
        results: RANKED.map((result) => ({ ...result, document: { text: documents[result.index] ?? "" } })),
      },
      cohere: { id: "r1", results: RANKED, meta: META },
      tei: LIST,
    },
  },
  {
    operation,
    name: "as-voyage-writes",
    request: "with-documents",
    wire: {
      "ai-gateway": RANKING,
      jina: {
        object: "list",
        data: RANKED.map((result) => ({ ...result, document: documents[result.index] ?? "" })),
        model: "rerank-2.5",
        usage: { total_tokens: 12 },
      },
      cohere: "a wire of its own",
      tei: LIST,
    },
  },
  {
    operation,
    name: "records",
    request: "records",
    wire: {
      "ai-gateway": RANKING,
      jina: { model: "m", usage: { total_tokens: 12 }, results: RANKED },
      cohere: { id: "r1", results: RANKED, meta: META },
      tei: LIST,
    },
  },
];
