import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item, ReasoningItem } from "../../canonical/request.ts";
import { SKIP_SIGNATURE } from "./stand-in-signature.ts";
import { encode, say, call, result } from "./fixtures/requests.ts";

describe("a conversation of another dialect", () => {
  test("groups what the model made and the results of its calls", () => {
    const { body, warnings } = encode({
      items: [
        say("system", "be kind"),
        say("user", "go"),
        say("assistant", "a"),
        say("assistant", "b"),
        call("1", "f", '{"x":1}'),
        call("2", "g", ""),
        result("1", "one"),
        { ...result("2", "bad"), isError: true } as Item,
        say("user", "next"),
      ],
    });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: "be kind" }] },
      contents: [
        { role: "user", parts: [{ text: "go" }] },
        {
          role: "model",
          parts: [
            { text: "a" },
            { text: "b" },
            { functionCall: { id: "1", name: "f", args: { x: 1 } } },
            { functionCall: { id: "2", name: "g", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "1", name: "f", response: { output: "one" } } },
            { functionResponse: { id: "2", name: "g", response: { error: "bad" } } },
          ],
        },
        { role: "user", parts: [{ text: "next" }] },
      ],
    });
    expect(warnings).toEqual([]);
  });

  test("has one system instruction, also from messages in the middle", () => {
    const { body, codes } = encode({ items: [say("system", "a"), say("user", "b"), say("developer", "c")] });
    expect(body["systemInstruction"]).toEqual({ parts: [{ text: "a" }, { text: "c" }] });
    expect(codes).toEqual(["changed_field items[2].role"]);
  });

  test("of instructions alone is said by the user", () => {
    const { body, codes } = encode({ items: [say("system", "write a poem")] });
    expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "write a poem" }] }] });
    expect(codes).toEqual(["changed_field messages"]);
  });

  test("leaves empty text out", () => {
    const { body } = encode({ items: [say("user", "a"), say("assistant", ""), say("user", "b")] });
    expect(body.contents).toEqual([
      { role: "user", parts: [{ text: "a" }] },
      { role: "user", parts: [{ text: "b" }] },
    ]);
  });

  test("says when arguments are no object and when a result has no call", () => {
    const { body, codes } = encode({ items: [say("user", "a"), call("1", "f", '{"x":'), result("call_9", "r")] });
    expect(body.contents[1]?.parts?.[0]?.functionCall?.["args"]).toEqual({ raw_arguments: '{"x":' });
    expect(body.contents[2]?.parts?.[0]?.functionResponse?.["name"]).toBe("call_9");
    expect(codes).toEqual(["changed_field items[1].arguments", "changed_field items[2].name"]);
  });
});

describe("signatures", () => {
  const foreign = { maker: "anthropic-messages", kind: "signature", value: "s" } as const;
  const own = { maker: "gemini", kind: "signature", value: "c2ln" } as const;
  const parts = (items: Item[], model: string): JsonObject[] =>
    encode({ items }, model).body.contents.at(-1)?.parts ?? [];

  test("of Gemini go back as they came; those of others are dropped with a warning", () => {
    const items: Item[] = [
      say("user", "a"),
      { type: "reasoning", summary: [], text: "hm", opaque: foreign },
      { type: "reasoning", summary: [], text: "", opaque: { ...foreign, kind: "redacted" } },
      { type: "message", role: "assistant", content: [{ type: "text", text: "b", opaque: own }] },
    ];
    const { body, codes } = encode({ items });
    expect(body.contents[1]?.parts).toEqual([
      { text: "hm", thought: true },
      { text: "b", thoughtSignature: "c2ln" },
    ]);
    expect(codes).toEqual(["dropped_opaque items[1]", "dropped_opaque items[2]"]);
  });

  test("are stood in for on the first call of each step of the current turn, for Gemini 3 only", () => {
    const items = [
      say("user", "a"),
      call("0", "f"),
      result("0", "r"),
      say("user", "b"),
      call("1", "f"),
      call("2", "f"),
      result("1", "r"),
      result("2", "r"),
      call("3", "g"),
    ];
    const signed = (model: string): unknown[] =>
      encode({ items }, model).body.contents.flatMap((content) =>
        (content.parts ?? []).filter((part) => part.functionCall).map((part) => part.thoughtSignature),
      );
    expect(signed("gemini-3-pro-preview")).toEqual([undefined, SKIP_SIGNATURE, undefined, SKIP_SIGNATURE]);
    expect(signed("gemini-flash-latest")).toEqual([undefined, SKIP_SIGNATURE, undefined, SKIP_SIGNATURE]);
    expect(signed("gemini-2.5-pro")).toEqual([undefined, undefined, undefined, undefined]);
    expect(signed("gemma-3-27b-it")).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("come back to their call from a thought that carried them", () => {
    const thought: ReasoningItem = { type: "reasoning", summary: [], text: "", opaque: own };
    expect(parts([say("user", "a"), thought, call("1", "f")], "gemini-3.1-pro")).toEqual([
      { functionCall: { id: "1", name: "f", args: {} }, thoughtSignature: "c2ln" },
    ]);
    expect(parts([say("user", "a"), { ...thought, text: "hm" }, call("1", "f")], "gemini-3.1-pro")).toEqual([
      { text: "hm", thought: true },
      { functionCall: { id: "1", name: "f", args: {} }, thoughtSignature: "c2ln" },
    ]);
  });
});
