import { describe, expect, test } from "bun:test";
import { GatewayError, type UpstreamFault } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import type { Warning } from "../../canonical/warning.ts";
import { openaiCompletionsWith } from "./index.ts";

const dialect = openaiCompletionsWith({
  encodeError: (error) => ({ status: error.status, body: { error: { message: error.message } } }),
  decodeError: (status): UpstreamFault => ({ status, message: "fault" }),
  faultToError: () => new GatewayError("upstream_error", "fault"),
  decodeUsage: (usage) => ({ ...emptyUsage(), outputTokens: Number(usage["completion_tokens"]) }),
  encodeUsage: (usage) => ({ completion_tokens: usage.outputTokens }),
});

const decode = (body: JsonObject): ChatRequest => dialect.decodeRequest({ body: { model: "m", ...body } });

function encode(request: ChatRequest, maxOutputTokens?: number): { body: JsonObject; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const target = { model: "m", warnings, flags: {}, ...(maxOutputTokens !== undefined && { maxOutputTokens }) };
  const { body } = dialect.encodeRequest(request, target);
  return { body: JSON.parse(JSON.stringify(body)) as JsonObject, warnings };
}

const says = (role: "system" | "user" | "assistant", text: string): Item => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});

const chat = (items: Item[], more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: "m",
  stream: false,
  items,
  tools: [],
  extensions: {},
  warnings: [],
  ...more,
});

describe("prompts", () => {
  test("of one text are what a user says", () => {
    for (const prompt of ["Hi", ["Hi"]]) {
      const decoded = decode({ prompt });
      expect(decoded.items).toEqual([says("user", "Hi")]);
      expect(decoded.relayOnly).toBeUndefined();
      expect(encode(decoded)).toEqual({ body: { model: "m", prompt }, warnings: [] });
    }
  });

  test.each([[["one", "two"]], [[1, 2]], [[[1], [2, 3]]], [null]])("%j can only be relayed", (prompt) => {
    const decoded = decode({ prompt });
    expect(decoded.relayOnly).toMatchObject({ param: "prompt" });
    expect(encode(decoded).body.prompt).toEqual(prompt ?? undefined);
  });

  test.each([[1], [{}], [[]], [["a", 1]], [[["a"]]]])("%j is refused", (prompt) => {
    expect(() => decode({ prompt })).toThrow("prompt: must be");
  });

  test("count what will be made of them", () => {
    expect(decode({ prompt: "a", n: 2 }).generations).toBeUndefined();
    expect(decode({ prompt: "a", n: 2, best_of: 5 }).generations).toBe(5);
    expect(decode({ prompt: ["a", "b", "c"], n: 2 }).generations).toBe(6);
    expect(decode({ prompt: [[1], [2]] }).generations).toBe(2);
    expect(decode({ prompt: [1, 2] }).generations).toBeUndefined();
  });
});

describe("conversations", () => {
  test("of one message stand as they are", () => {
    const { body, warnings } = encode(chat([says("user", "Hi")], { maxOutputTokens: 5 }));
    expect({ body, warnings }).toEqual({ body: { model: "m", prompt: "Hi", max_tokens: 5 }, warnings: [] });
  });

  test("are written out as one text, up to the user's next turn", () => {
    const items = [says("system", "Be brief."), says("user", "Hi"), says("assistant", "Hello!"), says("user", "Bye")];
    const { body, warnings } = encode(chat(items, { maxOutputTokens: 5, stop: ["END"] }));
    expect(body).toMatchObject({
      prompt: "Be brief.\n\nUser: Hi\nAssistant: Hello!\nUser: Bye\nAssistant:",
      stop: ["END", "\nUser:"],
    });
    expect(warnings).toMatchObject([{ code: "changed_field", field: "messages" }]);
  });

  test("go on with the words that the assistant was given", () => {
    const { body } = encode(chat([says("user", "Hi"), says("assistant", "Well,")]));
    expect(body.prompt).toBe("User: Hi\nAssistant: Well,");
  });

  test("ask for more than 16 tokens", () => {
    expect(encode(chat([says("user", "Hi")])).body.max_tokens).toBe(1024);
    const { body, warnings } = encode(chat([says("user", "Hi")]), 512);
    expect(body.max_tokens).toBe(512);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "max_tokens" }]);
  });
});

describe("log probabilities", () => {
  const logprobs = {
    tokens: ["Pa", "ris"],
    token_logprobs: [null, -0.5],
    top_logprobs: [null, { ris: -0.5, nt: -2 }],
    text_offset: [7, 9],
  };
  const choice = { text: "Paris", index: 0, logprobs, finish_reason: "stop" };
  const body = { id: "cmpl-1", object: "text_completion", created: 1, model: "m", choices: [choice] };
  const reply = { requestId: "r", model: "m", createdAt: 1, request: decode({ prompt: "Hi" }) };

  test("become those of chat", () => {
    expect(dialect.decodeResponse(body).candidates[0]?.logprobs).toEqual({
      content: [
        { token: "Pa", logprob: -9999, bytes: [80, 97], top_logprobs: [] },
        {
          token: "ris",
          logprob: -0.5,
          bytes: [114, 105, 115],
          top_logprobs: [
            { token: "ris", logprob: -0.5, bytes: [114, 105, 115] },
            { token: "nt", logprob: -2, bytes: [110, 116] },
          ],
        },
      ],
      refusal: null,
    });
  });

  test("come out as they went in, and those of chat in their form", () => {
    const decoded = dialect.decodeResponse(body);
    expect(dialect.encodeResponse(decoded, reply)).toEqual(body);
    for (const candidate of decoded.candidates) delete candidate.extensions;
    expect(dialect.encodeResponse(decoded, reply)["choices"]).toMatchObject([
      { logprobs: { tokens: ["Pa", "ris"], token_logprobs: [-9999, -0.5], text_offset: [0, 2] } },
    ]);
  });

  test("of a stream count on", () => {
    const encoder = dialect.createStreamEncoder(reply);
    const token = (text: string): JsonObject => ({ content: [{ token: text, logprob: -1, top_logprobs: [] }] });
    const parts: StreamPart[] = [
      { type: "start", id: "a", model: "m", createdAt: 1 },
      { type: "item_start", index: 0, candidate: 0, kind: "message" },
      { type: "text_delta", index: 0, part: 0, text: "Pa", logprobs: token("Pa") },
      { type: "text_delta", index: 0, part: 0, text: "ris", logprobs: token("ris") },
    ];
    const text = parts.map((part) => encoder.encode(part)).join("");
    expect(text).toContain('"text_offset":[0]');
    expect(text).toContain('"text_offset":[2]');
  });
});

describe("streams", () => {
  const decodeEvents = (events: readonly string[]): StreamPart[] => {
    const decoder = dialect.createStreamDecoder();
    const parts: StreamPart[] = [];
    for (const data of events) decoder.push({ event: "", data }, parts);
    decoder.finish(parts);
    return parts;
  };
  const chunk = (choices: object[]): string => JSON.stringify({ id: "c", created: 1, model: "m", choices });

  test("of several answers keep them apart", () => {
    const parts = decodeEvents([
      chunk([{ index: 0, text: "a" }]),
      chunk([{ index: 1, text: "b" }]),
      chunk([{ index: 1, text: "", finish_reason: "stop" }]),
      chunk([{ index: 0, text: "c", finish_reason: "length" }]),
      "[DONE]",
    ]);
    expect(parts.filter(({ type }) => type === "text_delta")).toMatchObject([
      { index: 0, text: "a" },
      { index: 1, text: "b" },
      { index: 0, text: "c" },
    ]);
    expect(parts.filter(({ type }) => type === "finish")).toMatchObject([
      { candidate: 1, reason: "stop" },
      { candidate: 0, reason: "length" },
    ]);
    expect(parts.at(-1)).toEqual({ type: "end" });
  });

  test("read text where fill-in-the-middle hosts put it", () => {
    const parts = decodeEvents([chunk([{ index: 0, delta: { content: "x" }, finish_reason: "stop" }])]);
    expect(parts).toContainEqual({ type: "text_delta", index: 0, part: 0, text: "x" });
  });

  test("that say [DONE] before any reason are truncated", () => {
    const parts = decodeEvents([chunk([{ index: 0, text: "a" }]), "[DONE]"]);
    expect(parts.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_truncated" } });
  });
});
