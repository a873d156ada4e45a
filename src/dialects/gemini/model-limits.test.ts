import { describe, expect, test } from "bun:test";
import { gemini } from "./index.ts";
import type { Item } from "../../canonical/request.ts";
import { call, encode, result, say, tool } from "./fixtures/requests.ts";

const VERTEX = { noCallIds: true, noToolInvocations: true, fullGemini25: true };

describe("penalties and log probabilities", () => {
  const wanted = { presencePenalty: 1, frequencyPenalty: 0.5, logprobs: true, topLogprobs: 4 };
  const sent = { presencePenalty: 1, frequencyPenalty: 0.5, responseLogprobs: true, logprobs: 4 };
  const lost = ["presence_penalty", "frequency_penalty", "logprobs", "top_logprobs"];

  test.each([
    ["gemini-2.0-flash", {}, true],
    ["gemini-2.5-flash", {}, false],
    ["gemini-2.5-flash", VERTEX, true],
    ["gemini-3.5-flash", VERTEX, false],
  ])("go to models that take them: %s %j", (model, flags, isTaken) => {
    const { body, codes } = encode(wanted, model, flags);
    expect(body.generationConfig ?? {}).toEqual(isTaken ? sent : {});
    expect(codes).toEqual(isTaken ? [] : lost.map((field) => `unsupported_field ${field}`));
  });

  test("of nothing are no loss", () => {
    const nothing = { presencePenalty: 0, frequencyPenalty: 0, logprobs: false, topLogprobs: 0 };
    expect(encode(nothing).codes).toEqual([]);
  });
});

describe("several answers", () => {
  test("come from models before Gemini 3", () => {
    expect(encode({ n: 2 }).body.generationConfig).toEqual({ candidateCount: 2 });
    const { body, codes } = encode({ n: 2 }, "gemini-3.5-flash");
    expect(body.generationConfig).toBeUndefined();
    expect(codes).toEqual(["unsupported_field n"]);
  });

  test("that are one need no word", () => {
    const { body, codes } = encode({ n: 1 }, "gemini-3.5-flash");
    expect([body.generationConfig, codes]).toEqual([undefined, []]);
  });
});

test("web search and answers in JSON exclude each other before Gemini 3", () => {
  const fields = {
    tools: [{ type: "web_search" as const, dialect: "openai-responses" as const, raw: { type: "web_search" } }],
    responseFormat: { type: "json_object" as const },
  };
  const before = encode(fields);
  expect(before.body.generationConfig).toBeUndefined();
  expect(before.codes).toEqual(["unsupported_field response_format"]);
  expect(encode(fields, "gemini-3.5-flash").codes).toEqual([]);
});

describe("ids of calls", () => {
  const items = [say("user", "go"), call("call_1", "f"), result("call_1", "a")];
  const hasIds = (model: string, flags: object): boolean =>
    JSON.stringify(encode({ items }, model, flags).body).includes("call_1");

  test("stay behind where the host's schema lacks them", () => {
    expect(hasIds("gemini-2.5-flash", VERTEX)).toBe(false);
  });

  test("go along where they are known, and since Gemini 3 have to", () => {
    expect(hasIds("gemini-2.5-flash", {})).toBe(true);
    expect(hasIds("gemini-3.5-flash", VERTEX)).toBe(true);
  });
});

test("ids that Gemini never gave do not come back to it", () => {
  const body = { candidates: [{ content: { parts: [{ functionCall: { name: "f", args: {} } }] } }], responseId: "r" };
  const made = gemini.decodeResponse(body).candidates[0]?.items[0];
  const callId = made?.type === "tool_call" ? made.callId : "";
  expect(callId).not.toBe("");
  const items = [say("user", "go"), call(callId, "f"), result(callId, "a")];
  expect(JSON.stringify(encode({ items }, "gemini-3.5-flash").body)).not.toContain(callId);
});

test("functions beside web search are announced only where the host knows how", () => {
  const tools = [tool("f"), { type: "web_search" as const, dialect: "openai-responses" as const, raw: {} }];
  expect(encode({ tools }, "gemini-3.5-flash").body["toolConfig"]).toEqual({ includeServerSideToolInvocations: true });
  const { body, codes } = encode({ tools }, "gemini-3.5-flash", VERTEX);
  expect(body["toolConfig"]).toBeUndefined();
  expect(body["tools"]).toEqual([{ functionDeclarations: [{ name: "f" }] }, { googleSearch: {} }]);
  expect(codes).toEqual([]);
});

test.each([
  ["gemini-3.5-flash", "MINIMAL"],
  ["gemini-3.5-flash-lite", "MINIMAL"],
  ["gemini-3.1-pro-preview", "LOW"],
  ["gemini-3.7-flash", "LOW"],
  ["gemini-3.8-flash", "LOW"],
  ["gemini-flash-latest", "LOW"],
  ["gemini-3.1-flash-image", "MINIMAL"],
])("the least thinking that %s takes is %s", (model, thinkingLevel) => {
  const { body } = encode({ reasoning: { effort: "minimal" } }, model);
  expect(body.generationConfig).toEqual({ thinkingConfig: { thinkingLevel } });
});

test("models that make images think much or little, or not at all", () => {
  const level = (effort: "low" | "medium"): unknown => encode({ reasoning: { effort } }, "gemini-3.1-flash-image").body;
  expect(level("low")).toMatchObject({ generationConfig: { thinkingConfig: { thinkingLevel: "MINIMAL" } } });
  expect(level("medium")).toMatchObject({ generationConfig: { thinkingConfig: { thinkingLevel: "HIGH" } } });
  const { body, codes } = encode({ reasoning: { effort: "medium" } }, "gemini-2.5-flash-image");
  expect([body.generationConfig, codes]).toEqual([undefined, ["unsupported_field reasoning"]]);
});

test("a result has the name of its call, whatever it is called itself", () => {
  const named = { ...result("1", "a"), name: "tool_result" } as Item;
  const { body } = encode({ items: [say("user", "go"), call("1", "f"), named] });
  expect(body.contents[2]?.parts?.[0]?.functionResponse).toMatchObject({ name: "f" });
});

test("a model without system instructions hears them from the user", () => {
  const items = [say("system", "be kind"), say("user", "hi")];
  const { body, codes } = encode({ items }, "gemma-3-27b-it");
  expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "be kind" }, { text: "hi" }] }] });
  expect(codes).toEqual(["changed_field messages"]);
  expect(encode({ items }, "gemma-4-31b-it").body["systemInstruction"]).toEqual({ parts: [{ text: "be kind" }] });
});
