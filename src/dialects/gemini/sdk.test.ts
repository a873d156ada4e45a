import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import type { ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { gemini } from "./index.ts";

/** The official SDK against a loopback server that decodes its requests and encodes answers of another maker. */

const seen: ChatRequest[] = [];
const answers: Array<ChatResponse | StreamPart[] | GatewayError> = [];

async function serve(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, pathModel = "", method = ""] = /models\/([^:]+):(\w+)$/.exec(url.pathname) ?? [];
  const body = (await request.json()) as JsonObject;
  const decoded = gemini.decodeRequest({ body, pathModel, pathStream: method === "streamGenerateContent" });
  seen.push(decoded);
  if (method === "countTokens") return Response.json(gemini.countTokens?.encodeResponse(42));
  const reply: ReplyContext = { requestId: "req-1", model: pathModel, createdAt: 1_700_000_000, request: decoded };
  const answer = answers.shift();
  if (answer instanceof GatewayError) {
    const { status, body: error } = gemini.encodeError(answer);
    return Response.json(error, { status });
  }
  if (!Array.isArray(answer)) return Response.json(answer && gemini.encodeResponse(answer, reply));
  const encoder = gemini.createStreamEncoder(reply);
  const text = answer.map((part) => encoder.encode(part)).join("");
  return new Response(text, { headers: { "content-type": gemini.streamContentType } });
}

let server: ReturnType<typeof Bun.serve>;
let ai: GoogleGenAI;

beforeAll(() => {
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: serve });
  ai = new GoogleGenAI({ apiKey: "k", vertexai: false, httpOptions: { baseUrl: `http://127.0.0.1:${server.port}` } });
});

afterAll(async () => {
  await server.stop(true);
});

const usage = { ...emptyUsage(), inputTokens: 10, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 2 };

const toolAnswer: ChatResponse = {
  id: "msg_1",
  model: "claude-sonnet-4-5",
  createdAt: 1,
  candidates: [
    {
      index: 0,
      finishReason: "tool_calls",
      items: [
        {
          type: "reasoning",
          summary: [],
          text: "I should look.",
          opaque: { maker: "anthropic-messages", kind: "signature", value: "c2ln+/==" },
        },
        { type: "message", role: "assistant", content: [{ type: "text", text: "Looking." }] },
        { type: "tool_call", callId: "toolu_1", name: "weather", kind: "function", arguments: '{"city":"Paris"}' },
      ],
    },
  ],
  usage,
};

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the official SDK", () => {
  test("reads an answer with thoughts, text and calls of another maker", async () => {
    answers.push(toolAnswer);
    const response = await ai.models.generateContent({ model: "claude", contents: "hi" });
    expect(response.text).toBe("Looking.");
    expect(response.functionCalls).toEqual([{ id: "toolu_1", name: "weather", args: { city: "Paris" } }]);
    expect(response.responseId).toBe("msg_1");
    expect(response.modelVersion).toBe("claude-sonnet-4-5");
    expect(response.usageMetadata).toMatchObject({
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 2,
      totalTokenCount: 17,
    });
  });

  test("carries sealed state back through a chat, whole and streamed", async () => {
    const streamed: StreamPart[] = [
      { type: "start", id: "msg_2", model: "claude-sonnet-4-5", createdAt: 1 },
      { type: "item_start", index: 0, candidate: 0, kind: "reasoning" },
      { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "I should " },
      { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "look." },
      { type: "item_opaque", index: 0, opaque: { maker: "anthropic-messages", kind: "signature", value: "c2ln+/==" } },
      { type: "item_end", index: 0 },
      { type: "item_start", index: 1, candidate: 0, kind: "message" },
      { type: "ping" },
      { type: "text_delta", index: 1, part: 0, text: "Look" },
      { type: "text_delta", index: 1, part: 0, text: "ing." },
      { type: "item_end", index: 1 },
      { type: "usage", usage },
      { type: "finish", candidate: 0, reason: "stop" },
      { type: "end" },
    ];
    const chat = ai.chats.create({ model: "claude" });
    answers.push(streamed);
    let text = "";
    let last: unknown;
    for await (const chunk of await chat.sendMessageStream({ message: "hi" })) {
      text += chunk.text ?? "";
      last = [chunk.candidates?.[0]?.finishReason, chunk.usageMetadata?.totalTokenCount];
    }
    expect(text).toBe("Looking.");
    expect(last).toEqual(["STOP", 17]);

    answers.push(toolAnswer);
    await chat.sendMessage({ message: "and?" });
    const reasoning = seen.at(-1)?.items.filter((item) => item.type === "reasoning");
    expect(reasoning).toHaveLength(1);
    expect(reasoning?.[0]).toMatchObject({
      text: "I should look.",
      summary: [],
      opaque: { maker: "anthropic-messages", kind: "signature", value: "c2ln+/==" },
    });
  });

  test("sends every kind of option in a form that decodes and encodes to itself", async () => {
    answers.push(toolAnswer);
    await ai.models.generateContent({
      model: "gemini-2.5-flash",
      contents: [
        { role: "user", parts: [{ text: "a" }, { inlineData: { mimeType: "image/png", data: "aGk=" } }] },
        {
          role: "model",
          parts: [{ functionCall: { name: "f", args: { a: [1, { b: null }] } }, thoughtSignature: "c2ln" }],
        },
        { role: "user", parts: [{ functionResponse: { name: "f", response: { output: { ok: true } } } }] },
      ],
      config: {
        systemInstruction: "be brief",
        temperature: 0.1,
        stopSequences: ["x"],
        seed: 3,
        tools: [
          { functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object" } }] },
          { googleSearch: {} },
        ],
        responseMimeType: "application/json",
        responseJsonSchema: { type: "object" },
        thinkingConfig: { thinkingBudget: 5, includeThoughts: true },
        safetySettings: [],
      },
    });
    const request = seen.at(-1);
    expect(request?.items.map((item) => item.type)).toEqual(["message", "message", "tool_call", "tool_result"]);
    const call = request?.items[2];
    expect(call?.type === "tool_call" && call.arguments).toBe('{"a":[1,{"b":null}]}');
    expect(request?.reasoning).toEqual({ budgetTokens: 5, summary: "auto" });
    expect(request?.responseFormat).toEqual({ type: "json_schema", schema: { type: "object" } });
  });

  test("throws our errors, before and inside a stream", async () => {
    const limit = { scope: "team:ml", metric: "usd" as const, limit: 1, used: 1, reset_at: null };
    answers.push(new GatewayError("budget_exceeded", "budget of team ml is spent", { limit }));
    const before = ai.models.generateContent({ model: "m", contents: "hi" });
    expect(await failure(before)).toMatchObject({ status: 402, message: expect.stringContaining("budget_exceeded") });

    answers.push([
      { type: "start", id: "r", model: "m", createdAt: 1 },
      { type: "item_start", index: 0, candidate: 0, kind: "message" },
      { type: "text_delta", index: 0, part: 0, text: "par" },
      { type: "error", error: new GatewayError("upstream_truncated", "cut off") },
    ]);
    const read = async (): Promise<void> => {
      const stream = await ai.models.generateContentStream({ model: "m", contents: "hi" });
      for await (const chunk of stream) expect(chunk.text).toBe("par");
    };
    expect(await failure(read())).toMatchObject({ status: 502, message: expect.stringContaining("cut off") });
  });

  test("counts tokens", async () => {
    const counted = await ai.models.countTokens({ model: "gemini-2.5-flash", contents: "how many" });
    expect(counted.totalTokens).toBe(42);
    expect(seen.at(-1)?.items).toHaveLength(1);
  });
});
