import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, MessageItem } from "../../canonical/request.ts";
import { text } from "./fixtures/requests.ts";
import { anthropicMessages } from "./index.ts";

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };
const document = (...content: JsonObject[]): JsonObject => ({
  type: "document",
  title: "t",
  source: { type: "content", content },
});

function decode(content: JsonObject[]): ChatRequest {
  return anthropicMessages.decodeRequest({
    body: { model: "claude-opus-4-6", max_tokens: 9, messages: [{ role: "user", content }] },
  });
}

/** The content of the first turn, as it goes to a provider of this dialect. */
function sent(request: ChatRequest): unknown {
  const target: TargetContext = { model: "claude-opus-4-6", warnings: [], flags: {} };
  const { messages } = anthropicMessages.encodeRequest(request, target).body as { messages: JsonObject[] };
  return messages[0]?.["content"];
}

/** The request after its first text was changed, as a rule may do. */
function changed(request: ChatRequest): ChatRequest {
  const [part] = (request.items[0] as MessageItem).content;
  if (part?.type === "file") part.source = { type: "text", text: "redacted" };
  return request;
}

describe("images within a document", () => {
  const content = [document(text("a"), image), text("q")];

  test("reach other dialects as parts beside its text, in a tool's result too", () => {
    const result = { type: "tool_result", tool_use_id: "x", content: [document(text("a"), image)] };
    for (const blocks of [content, [result]]) {
      const [item] = decode(blocks).items;
      expect(item).toMatchObject({
        content: [
          { type: "file", source: { type: "text", text: "a" } },
          { type: "image", mediaType: "image/png", source: { type: "base64", data: "iVBORw0KGgo=" } },
          ...(blocks === content ? [text("q")] : []),
        ],
      });
    }
  });

  test("stay within it on this wire, also when its text is changed", () => {
    expect(sent(decode(content))).toEqual(content);
    expect(sent(changed(decode(content)))).toEqual([document(text("redacted"), image), text("q")]);
  });
});

describe("the address of a search result", () => {
  const found = { type: "search_result", source: "https://s.example", title: "t", content: [text("a")] };

  test("is told to models of other dialects", () => {
    expect(decode([found]).items).toMatchObject([{ content: [{ type: "file", context: "https://s.example" }] }]);
  });

  test("stands once on this wire", () => {
    expect(sent(decode([found]))).toEqual([found]);
    expect(sent(changed(decode([found])))).toEqual([{ ...found, content: [text("redacted")] }]);
  });
});
