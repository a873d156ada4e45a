import { expect, test } from "bun:test";
import { chunk, decode, STOP } from "./fixtures/stream.ts";
import { decodeResponse } from "./decode-response.ts";

const groundingMetadata = { groundingChunks: [{ web: { uri: "https://a", title: "A" } }, { other: {} }] };
const SOURCE = { type: "url", url: "https://a", title: "A" };

test("sources that support nothing in particular are those of the whole text", () => {
  const candidate = { content: { role: "model", parts: [{ text: "yes" }] }, finishReason: "STOP", groundingMetadata };
  const [message] = decodeResponse({ candidates: [candidate] }).candidates[0]?.items ?? [];
  expect(message).toMatchObject({ content: [{ text: "yes", citations: [SOURCE] }] });
});

test("a stream tells them when nothing more can say what they support, before its text ends", () => {
  const parts = decode(chunk([{ text: "ye" }], { groundingMetadata }), chunk([{ text: "s" }], { ...STOP }));
  const told = parts.filter(({ type }) => type === "citation" || type === "item_end");
  expect(told).toEqual([
    { type: "citation", index: 0, part: 0, citation: SOURCE } as never,
    { type: "item_end", index: 0 },
  ]);
});
