import type { TaskAnswerCase, TaskRequestCase } from "./case.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const TEXTS = ["Bonjour", "Salut"];
const MODEL = "models/client-model";
const gemini = (text: string): object => ({ model: MODEL, content: { parts: [{ text }] } });
const operation = "embeddings" as const;

/** What to embed, and how. */
export const EMBEDDING_REQUESTS: TaskRequestCase[] = [
  {
    operation,
    name: "one-text",
    facts: ["Bonjour"],
    wire: {
      "ai-gateway": { values: ["Bonjour"] },
      openai: { input: "Bonjour" },
      cohere: "a list",
      "cohere-v1": "a list",
      gemini: { content: { parts: [{ text: "Bonjour" }] } },
      ollama: { input: "Bonjour" },
      vertex: { instances: [{ content: "Bonjour" }] },
    },
  },
  {
    operation,
    name: "texts",
    facts: TEXTS,
    wire: {
      "ai-gateway": { values: TEXTS },
      openai: { input: TEXTS },
      cohere: { texts: TEXTS, input_type: "search_document", embedding_types: ["float"] },
      "cohere-v1": { texts: TEXTS, input_type: "search_document" },
      gemini: { requests: TEXTS.map(gemini) as never },
      ollama: { input: TEXTS },
      vertex: { instances: TEXTS.map((content) => ({ content })) },
    },
  },
  {
    operation,
    name: "query-of-few-dimensions",
    facts: ["Bonjour", 256],
    wire: {
      "ai-gateway": "no purpose",
      openai: { input: ["Bonjour"], dimensions: 256, input_type: "query" },
      cohere: { texts: ["Bonjour"], input_type: "search_query", embedding_types: ["float"], output_dimension: 256 },
      "cohere-v1": "always all dimensions",
      gemini: {
        requests: [{ ...gemini("Bonjour"), taskType: "RETRIEVAL_QUERY", outputDimensionality: 256 }] as never,
      },
      ollama: "no purpose",
      vertex: {
        instances: [{ content: "Bonjour", task_type: "RETRIEVAL_QUERY" }],
        parameters: { outputDimensionality: 256 },
      },
    },
  },
  {
    operation,
    name: "base64",
    facts: ["Bonjour"],
    wire: {
      "ai-gateway": "numbers alone",
      openai: { input: "Bonjour", encoding_format: "base64", user: "user-7" },
      cohere: { texts: ["Bonjour"], input_type: "clustering", embedding_types: ["base64", "float"] },
      "cohere-v1": { texts: ["Bonjour"], input_type: "clustering", embedding_types: ["base64"] },
      gemini: "numbers alone",
      ollama: "numbers alone",
      vertex: "numbers alone",
    },
  },
  {
    operation,
    name: "int8-and-truncation",
    facts: ["Bonjour"],
    wire: {
      "ai-gateway": "numbers alone",
      openai: "numbers or base64; the host says what happens to long inputs",
      cohere: {
        texts: ["Bonjour"],
        input_type: "classification",
        embedding_types: ["int8", "ubinary"],
        truncate: "END",
      },
      "cohere-v1": {
        texts: ["Bonjour"],
        input_type: "classification",
        embedding_types: ["int8", "ubinary"],
        truncate: "END",
      },
      gemini: "numbers alone",
      ollama: "numbers alone",
      vertex: "numbers alone",
    },
  },
  {
    operation,
    name: "tokens",
    facts: [9906],
    wire: {
      "ai-gateway": "texts",
      openai: {
        input: [
          [9906, 1917],
          [9906, 2],
        ],
      },
      cohere: "texts and images",
      "cohere-v1": "texts and images",
      gemini: "texts and media",
      ollama: "texts",
      vertex: "texts",
    },
  },
  {
    operation,
    name: "image",
    facts: ["iVBORw0KGgo="],
    wire: {
      "ai-gateway": "texts",
      openai: "texts and tokens",
      cohere: { images: [PNG], input_type: "image", embedding_types: ["float"] },
      "cohere-v1": { images: [PNG], input_type: "image" },
      gemini: { content: { parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] } },
      ollama: "texts",
      vertex: "texts",
    },
  },
  {
    operation,
    name: "text-and-image-in-one",
    facts: ["A cat", "iVBORw0KGgo="],
    wire: {
      "ai-gateway": "texts",
      openai: "texts and tokens",
      cohere: {
        inputs: [
          {
            content: [
              { type: "text", text: "A cat" },
              { type: "image_url", image_url: { url: PNG } },
            ],
          },
        ],
        input_type: "search_document",
        embedding_types: ["float"],
      },
      "cohere-v1": "texts or images",
      gemini: {
        content: { parts: [{ text: "A cat" }, { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] },
        taskType: "RETRIEVAL_DOCUMENT",
        title: "Cats",
      },
      ollama: "texts",
      vertex: "texts",
    },
  },
  {
    operation,
    name: "unknown-field",
    facts: ["Bonjour", "of-the-future"],
    wire: {
      "ai-gateway": { values: ["Bonjour"], newOption: "of-the-future" },
      openai: { input: "Bonjour", new_option: "of-the-future" },
      cohere: {
        texts: ["Bonjour"],
        input_type: "search_query",
        embedding_types: ["float"],
        new_option: "of-the-future",
      },
      "cohere-v1": { texts: ["Bonjour"], input_type: "search_query", new_option: "of-the-future" },
      gemini: { content: { parts: [{ text: "Bonjour" }] }, newOption: "of-the-future" },
      ollama: { input: "Bonjour", new_option: "of-the-future" },
      vertex: { instances: [{ content: "Bonjour" }], parameters: { newOption: "of-the-future" } },
    },
  },
];

const VECTORS = [
  [0.25, -0.5],
  [1, 0],
];
const BASE64 = ["AACAPgAAAL8=", "AACAPwAAAAA="];
const META = { api_version: { version: "2" }, billed_units: { input_tokens: 4 } };

/** Vectors, in the formats of each provider. */
export const EMBEDDING_ANSWERS: TaskAnswerCase[] = [
  {
    operation,
    name: "numbers",
    request: "texts",
    wire: {
      "ai-gateway": { embeddings: VECTORS, usage: { tokens: 4 } },
      openai: {
        object: "list",
        data: VECTORS.map((embedding, index) => ({ object: "embedding", index, embedding })),
        model: "m",
        usage: { prompt_tokens: 4, total_tokens: 4 },
      },
      cohere: {
        id: "e1",
        embeddings: { float: VECTORS },
        texts: TEXTS,
        meta: META,
        response_type: "embeddings_by_type",
      },
      gemini: { embeddings: VECTORS.map((values) => ({ values })) },
      ollama: { model: "m", embeddings: VECTORS, total_duration: 1, load_duration: 1, prompt_eval_count: 4 },
      vertex: {
        predictions: VECTORS.map((values) => ({
          embeddings: { values, statistics: { truncated: false, token_count: 2 } },
        })),
      },
    },
  },
  {
    operation,
    name: "base64",
    request: "base64",
    wire: {
      "ai-gateway": { embeddings: VECTORS, usage: { tokens: 4 } },
      openai: {
        object: "list",
        data: BASE64.map((embedding, index) => ({ object: "embedding", index, embedding })),
        model: "m",
        usage: { prompt_tokens: 4, total_tokens: 4 },
      },
      cohere: {
        id: "e1",
        embeddings: { base64: BASE64, float: VECTORS },
        texts: ["Bonjour"],
        meta: META,
        response_type: "embeddings_by_type",
      },
      gemini: { embeddings: VECTORS.map((values) => ({ values })) },
      ollama: { model: "m", embeddings: VECTORS, total_duration: 1, load_duration: 1, prompt_eval_count: 4 },
      vertex: {
        predictions: VECTORS.map((values) => ({
          embeddings: { values, statistics: { truncated: false, token_count: 2 } },
        })),
      },
    },
  },
  {
    operation,
    name: "packed",
    request: "int8-and-truncation",
    wire: {
      "ai-gateway": "numbers alone",
      openai: "numbers or base64",
      cohere: {
        id: "e1",
        embeddings: { int8: [[12, -7]], ubinary: [[3]] },
        texts: ["Bonjour"],
        meta: META,
        response_type: "embeddings_by_type",
      },
      gemini: "numbers alone",
      ollama: "numbers alone",
      vertex: "numbers alone",
    },
  },
];
