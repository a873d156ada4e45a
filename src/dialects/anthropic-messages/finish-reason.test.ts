import { describe, expect, test } from "bun:test";
import { Anthropic } from "@anthropic-ai/sdk";
import { GatewayError } from "../../canonical/errors.ts";
import type { Item } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Warning } from "../../canonical/warning.ts";
import { E, S, encodeText, readWithSdk, reply, say, begin, done } from "./fixtures/stream-frames.ts";
import { anthropicMessages } from "./index.ts";

const broken = (...items: Item[]): ChatResponse => ({
  id: "r",
  model: "m",
  createdAt: 0,
  candidates: [{ index: 0, items, finishReason: "error", rawFinishReason: "MALFORMED_FUNCTION_CALL" }],
});
const BROKEN: StreamPart = { type: "finish", candidate: 0, reason: "error", raw: "MALFORMED_FUNCTION_CALL" };
const begun: Item = { type: "message", role: "assistant", content: [{ type: "text", text: "I will" }] };

describe("an answer that its provider broke off", () => {
  test("is a failure while it has no content", () => {
    const encode = (): unknown => anthropicMessages.encodeResponse(broken(), reply);
    expect(encode).toThrow(GatewayError);
    expect(encode).toThrow("MALFORMED_FUNCTION_CALL");
  });

  test("is cut off once it has some", () => {
    const warnings: Warning[] = [];
    const body = anthropicMessages.encodeResponse(broken(begun), { ...reply, warnings });
    expect(body).toMatchObject({ content: [{ type: "text", text: "I will" }], stop_reason: "max_tokens" });
    expect(warnings).toMatchObject([{ code: "changed_field", field: "stop_reason" }]);
  });

  test("fails a stream without content, as the SDK reads it", async () => {
    const seen: unknown = await readWithSdk(encodeText([S, BROKEN, E]))
      .finalMessage()
      .catch((thrown: unknown) => thrown);
    expect(seen).toBeInstanceOf(Anthropic.APIError);
    expect(seen).toMatchObject({ type: "api_error" });
  });

  test("cuts a stream with content off", async () => {
    const message = await readWithSdk(
      encodeText([S, begin(0, "message"), say(0, "I will"), done(0), BROKEN, E]),
    ).finalMessage();
    expect(message).toMatchObject({ content: [{ text: "I will" }], stop_reason: "max_tokens" });
  });
});
