import { jsonAnswer, textAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";

/** How the mock answers what classifiers ask. */
export type Manner =
  | "good"
  | "stall"
  | "dimensions"
  | "nan"
  | "zero"
  | "html"
  | "error"
  | "cut"
  | "foreign"
  | "score"
  | "refuse";

/** A provider with chat and embeddings that is also a classifier's endpoint. */
export interface ClassifyMock {
  upstream: MockUpstream;
  manner: Manner;
  /** Texts that were embedded, each call by itself. */
  embedded: string[][];
  /** What the endpoint was asked. */
  asked: MockRequest[];
  /** What chat models were asked for labels. */
  labelled: MockRequest[];
}

/** One dimension a topic, and one for the rest. */
const TOPICS = [
  ["function", "bug", "python", "compile", "stack"],
  ["refund", "invoice", "money", "charged", "billing"],
];

function vectorOf(text: string): number[] {
  const words = text.toLowerCase().split(/\W+/);
  const counts = TOPICS.map((topic) => words.filter((word) => topic.includes(word)).length);
  return [...counts, 0.1];
}

export async function startClassifyMock(): Promise<ClassifyMock> {
  const mock: ClassifyMock = {
    upstream: await startMockUpstream((request) => answer(mock, request)),
    manner: "good",
    embedded: [],
    asked: [],
    labelled: [],
  };
  return mock;
}

function answer(mock: ClassifyMock, request: MockRequest): Step[] {
  if (request.path === "/v1/embeddings") return embeddings(mock, request);
  if (request.path.startsWith("/classify")) return label(mock, request);
  if (request.json["response_format"] !== undefined) return modelLabel(mock, request);
  return chat(String(request.json["model"]), `served by ${String(request.json["model"])}`);
}

function embeddings(mock: ClassifyMock, { json }: MockRequest): Step[] {
  const texts = [json["input"]].flat().map(String);
  mock.embedded.push(texts);
  const vectors = texts.map(vectorOf);
  if (mock.manner === "dimensions") return vectorsAnswer(vectors.map((vector) => [...vector, 1]));
  if (mock.manner === "zero") return vectorsAnswer(vectors.map((vector) => vector.map(() => 0)));
  if (mock.manner === "nan") return vectorsAnswer(vectors.map((vector) => vector.map(() => null)));
  return badly(mock.manner) ?? vectorsAnswer(vectors);
}

function vectorsAnswer(vectors: unknown[]): Step[] {
  const data = vectors.map((embedding, index) => ({ object: "embedding", index, embedding }));
  return jsonAnswer({ object: "list", model: "embedder", data, usage: { prompt_tokens: 7, total_tokens: 7 } });
}

function label(mock: ClassifyMock, request: MockRequest): Step[] {
  mock.asked.push(request);
  if (mock.manner === "foreign") return jsonAnswer({ label: "unheard of" });
  if (mock.manner === "score") return jsonAnswer({ label: "high", score: 7 });
  const isHigh = String(request.json["text"]).includes("launch");
  return badly(mock.manner) ?? jsonAnswer({ label: isHigh ? "high" : "low", score: 0.9 });
}

function modelLabel(mock: ClassifyMock, request: MockRequest): Step[] {
  mock.labelled.push(request);
  const isPoem = JSON.stringify(request.json["messages"]).includes("sonnet");
  const found = mock.manner === "foreign" ? "unheard of" : isPoem ? "poem" : "prose";
  return badly(mock.manner) ?? chat(String(request.json["model"]), JSON.stringify({ label: found }));
}

function badly(manner: Manner): Step[] | null {
  switch (manner) {
    case "stall":
      return [{ stall: true }];
    case "cut":
      return [{ cut: "rst" }];
    case "html":
      return textAnswer("<html>down for maintenance</html>", "text/html");
    case "refuse":
      return jsonAnswer({ error: { message: "this text is no good" } }, 400);
    case "error":
      return jsonAnswer({ error: { message: "overloaded" } }, 503);
    default:
      return null;
  }
}

function chat(model: string, content: string): Step[] {
  const message = { role: "assistant", content };
  return jsonAnswer({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  });
}
