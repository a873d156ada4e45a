import { expect, test } from "bun:test";
import type { ProviderFlags } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item, ReasoningItem } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { encodeRequest } from "./encode-request.ts";
import { sealForm } from "./reasoning-form.ts";

const call: Item = { type: "tool_call", callId: "c1", name: "f", arguments: "{}", kind: "function" };
const thought = (opaque?: ReasoningItem["opaque"]): Item => ({
  type: "reasoning",
  summary: [],
  text: "hm",
  ...(opaque !== undefined && { opaque }),
});

function encode(items: Item[], flags: ProviderFlags): { message: JsonObject | undefined; warnings: string[] } {
  const warnings: Warning[] = [];
  const request = { model: "m", stream: false, items, tools: [], extensions: {}, warnings: [] };
  const { body } = encodeRequest(request, { model: "m", warnings, flags });
  const [message] = body["messages"] as JsonObject[];
  return { message, warnings: warnings.map(({ code, field }) => `${code} ${field}`) };
}

const DEEPSEEK: ProviderFlags = { reasoningField: "reasoning_content", needsReasoning: true };

test("readable reasoning of another maker goes into the host's field; its signature stays behind", () => {
  const { message, warnings } = encode(
    [thought({ maker: "anthropic-messages", kind: "signature", value: "s" }), call],
    DEEPSEEK,
  );
  expect(message).toMatchObject({ reasoning_content: "hm" });
  expect(message?.["reasoning_details"]).toBeUndefined();
  expect(warnings).toEqual(["dropped_opaque reasoning"]);
});

test("reasoning that came in another host's field goes into this one's", () => {
  const { message, warnings } = encode([thought(sealForm({ fields: ["reasoning"] })), call], DEEPSEEK);
  expect(message).toMatchObject({ reasoning_content: "hm" });
  expect(message?.["reasoning"]).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("tool calls without reasoning get a blank where the host refuses them else", () => {
  expect(encode([call], DEEPSEEK).message).toMatchObject({ reasoning_content: " " });
  expect(encode([call], { reasoningField: "reasoning" }).message?.["reasoning"]).toBeUndefined();
});

test("an answer without tool calls gets none", () => {
  const said: Item = { type: "message", role: "assistant", content: [{ type: "text", text: "a" }] };
  expect(encode([said], DEEPSEEK).message).toEqual({ role: "assistant", content: "a" });
});

test("signed entries and thinking parts keep their own place", () => {
  const detail = { type: "reasoning.text", signature: "s" };
  expect(encode([thought(sealForm({ detail }))], DEEPSEEK).message).toMatchObject({
    reasoning_details: [{ ...detail, text: "hm" }],
  });
  expect(encode([thought(sealForm({ thinking: { type: "thinking" } }))], DEEPSEEK).message).toMatchObject({
    content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }],
  });
});

test("without such a field reasoning of another maker stays behind", () => {
  const { message, warnings } = encode([thought(), call], {});
  expect(message?.["reasoning_content"]).toBeUndefined();
  expect(warnings).toEqual(["dropped_content reasoning"]);
});
