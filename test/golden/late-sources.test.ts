import { describe, expect, test } from "bun:test";
import type { Dialect, ReplyContext } from "../../src/canonical/dialect.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { dialects } from "../../src/compose/dialects.ts";
import { collectParts } from "../../src/canonical/collect.ts";

const parts = (list: unknown[], more: object = {}): string =>
  JSON.stringify({
    responseId: "r",
    modelVersion: "gemini-3",
    candidates: [{ content: { role: "model", parts: list }, index: 0, ...more }],
  });

/** Gemini tells the sources of a text after it has called a tool. */
const CHUNKS = [
  parts([{ text: "It rains." }]),
  parts([{ functionCall: { name: "f", args: { a: 1 } } }]),
  parts([], {
    finishReason: "STOP",
    groundingMetadata: {
      groundingChunks: [{ web: { uri: "https://late.example", title: "Late" } }],
      groundingSupports: [{ segment: { endIndex: 9 }, groundingChunkIndices: [0] }],
    },
  }),
];

function decoded(): StreamPart[] {
  const decoder = dialects.get("gemini")?.createStreamDecoder();
  const out: StreamPart[] = [];
  for (const data of CHUNKS) decoder?.push({ event: "", data }, out);
  decoder?.finish(out);
  return out;
}

function encoded(dialect: Dialect, warnings: Warning[]): string {
  const request = { model: "m", stream: true, items: [], tools: [], extensions: {}, warnings: [] };
  const reply: ReplyContext = { requestId: "req", model: "m", createdAt: 1, request, warnings };
  const encoder = dialect.createStreamEncoder(reply);
  return decoded()
    .map((part) => Buffer.from(encoder.encode(part)).toString("latin1"))
    .join("");
}

describe("sources that come after a tool call", () => {
  test("stay with their text", () => {
    const [message] = collectParts(decoded()).candidates[0]?.items ?? [];
    expect(message).toMatchObject({
      type: "message",
      content: [{ text: "It rains.", citations: [{ url: "https://late.example", start: 0, end: 9 }] }],
    });
  });

  test.each(["openai-chat", "openai-responses", "gemini", "cohere", "ai-gateway"] as const)("reach %s", (name) => {
    const warnings: Warning[] = [];
    expect(encoded(dialects.get(name) as Dialect, warnings)).toContain("https://late.example");
    expect(warnings).toEqual([]);
  });

  test.each(["anthropic-messages", "bedrock-converse"] as const)("are a warning for %s", (name) => {
    const warnings: Warning[] = [];
    expect(encoded(dialects.get(name) as Dialect, warnings)).not.toContain("https://late.example");
    expect(warnings).toMatchObject([{ code: "dropped_content", field: "citations" }]);
  });
});
