import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { Item } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { splitThinking } from "./think-tags.ts";

const FLAGS = { thinkTags: true };

/** Name; content; reasoning (null: none); text. */
const CASES: [string, string, string | null, string][] = [
  ["with line breaks", "<think>\nLet me see.\n</think>\n\nFour.", "Let me see.", "Four."],
  ["close together", "<think>a</think>b", "a", "b"],
  ["after white space", "\n <think> a </think> b ", "a", "b "],
  ["with nothing between", "<think>\n\n</think>\n\nFour.", null, "Four."],
  ["never closed", "<think>\na, b", "a, b", ""],
  ["reasoning only", "<think>a</think>\n", "a", ""],
  [
    "with signs that look like the tag",
    "<think>if a </ b < c</thin, <think></think>\nx </think> y",
    "if a </ b < c</thin, <think>",
    "x </think> y",
  ],
  ["text without tags", "Four.", null, "Four."],
  ["text that begins like the tag", "<thin line>", null, "<thin line>"],
  ["the beginning of the tag alone", "<thi", null, "<thi"],
  ["the tag later on", "a <think>b</think>", null, "a <think>b</think>"],
  ["white space alone", " \n", null, " \n"],
];

function whole(content: string): Item[] {
  const message = { role: "assistant", content };
  const body = { id: "1", model: "m", created: 1, choices: [{ index: 0, message, finish_reason: "stop" }] };
  return decodeResponse(body, FLAGS).candidates[0]?.items ?? [];
}

function streamed(pieces: string[], flags = FLAGS): StreamPart[] {
  const decoder = createStreamDecoder(flags);
  const parts: StreamPart[] = [];
  const push = (choice: object): void =>
    decoder.push(
      { event: "", data: JSON.stringify({ id: "1", model: "m", created: 1, choices: [{ index: 0, ...choice }] }) },
      parts,
    );
  for (const content of pieces) push({ delta: { content } });
  push({ delta: {}, finish_reason: "stop" });
  decoder.finish(parts);
  return parts;
}

function read(items: readonly Item[]): { reasoning: string | null; text: string } {
  let reasoning: string | null = null;
  let text = "";
  for (const item of items) {
    if (item.type === "reasoning") reasoning = (reasoning ?? "") + item.text;
    else if (item.type === "message") for (const part of item.content) if (part.type === "text") text += part.text;
  }
  return { reasoning, text };
}

describe.each(CASES)("%s", (_name, content, reasoning, text) => {
  test("in a whole answer", () => expect(read(whole(content))).toEqual({ reasoning, text }));

  test("in a stream, cut anywhere", () => {
    for (let one = 0; one <= content.length; one += 1) {
      for (let two = one; two <= content.length; two += 3) {
        const pieces = [content.slice(0, one), content.slice(one, two), content.slice(two)];
        const items = collectParts(streamed(pieces)).candidates[0]?.items ?? [];
        expect({ pieces, ...read(items) }).toEqual({ pieces, reasoning, text });
      }
    }
  });

  test("goes back to the host as it came", () => {
    if (reasoning === null) return;
    for (const items of [whole(content), collectParts(streamed(content.split(""))).candidates[0]?.items ?? []]) {
      const request = { model: "m", stream: false, items: [...items], tools: [], extensions: {}, warnings: [] };
      const { body } = encodeRequest(request, { model: "m", warnings: [], flags: FLAGS });
      expect(body["messages"]).toMatchObject([{ role: "assistant", content }]);
    }
  });
});

test("reasoning arrives while it is written", () => {
  const deltas = streamed(["<think>", "one ", "two", "</think>", "x"]).filter(({ type }) => type === "reasoning_delta");
  expect(deltas.map((part) => part.type === "reasoning_delta" && part.text)).toEqual(["one", " two"]);
});

test("a host that tells reasoning apart may write the tag in its text", () => {
  expect(read(collectParts(streamed(["<think>a</think>b"], { thinkTags: false })).candidates[0]?.items ?? [])).toEqual({
    reasoning: null,
    text: "<think>a</think>b",
  });
});

test("nothing to split", () => expect(splitThinking("a")).toBeUndefined());
