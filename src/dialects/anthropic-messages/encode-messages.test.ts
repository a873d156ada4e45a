import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { Part } from "../../canonical/content.ts";
import type { Item } from "../../canonical/request.ts";
import { encode, says, calls, answers, text } from "./fixtures/requests.ts";

describe("turns", () => {
  const messages = (...items: Item[]): unknown => encode({ items }).body["messages"];

  test("items of one side become one turn", () => {
    expect(
      messages(
        says("user", "a"),
        says("user", "b"),
        says("assistant", "c"),
        calls("x"),
        calls("y"),
        answers("x"),
        answers("y"),
        says("user", "d"),
      ),
    ).toEqual([
      { role: "user", content: [text("a"), text("b")] },
      {
        role: "assistant",
        content: [
          text("c"),
          { type: "tool_use", id: "x", name: "f", input: {} },
          { type: "tool_use", id: "y", name: "f", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "x", content: [text("ok")] },
          { type: "tool_result", tool_use_id: "y", content: [text("ok")] },
          text("d"),
        ],
      },
    ]);
  });

  test("tool results come first in their turn", () => {
    const [, , turn] = messages(says("user", "a"), calls("x"), says("user", "b"), answers("x")) as {
      content: JsonObject[];
    }[];
    expect(turn?.content.map(({ type }) => type)).toEqual(["tool_result", "text"]);
  });

  test("system and developer messages are gathered", () => {
    const { body, fields } = encode({
      items: [says("system", "s"), says("developer", "d"), says("user", "u"), says("system", "late")],
    });
    expect(body["system"]).toEqual([text("s"), text("d"), text("late")]);
    expect(body["messages"]).toEqual([{ role: "user", content: [text("u")] }]);
    expect(fields).toEqual(["changed_field messages"]);
  });

  test("a system message that stands alone gets a turn to answer", () => {
    const { body, fields } = encode({ items: [says("system", "s")] });
    expect(body).toMatchObject({ system: [text("s")], messages: [{ role: "user", content: [text("Continue.")] }] });
    expect(fields).toEqual(["changed_field messages"]);
    expect(messages()).toEqual([]);
  });

  test("white space alone is no text", () => {
    const { body, fields } = encode({
      items: [says("system", " "), says("user", "a"), says("assistant", "\n"), says("user", " b")],
    });
    expect(body).toMatchObject({ messages: [{ role: "user", content: [text("a"), text(" b")] }] });
    expect(Object.keys(body)).not.toContain("system");
    expect(fields).toEqual(["changed_field messages"]);
  });

  test("empty texts and turns vanish", () => {
    expect(messages(says("user", "a"), says("assistant", ""), says("user", "b"), answers("x", ""))).toEqual([
      { role: "user", content: [{ type: "tool_result", tool_use_id: "x" }, text("a"), text("b")] },
    ]);
  });

  test("a conversation begins with the user", () => {
    const { body, fields } = encode({ items: [says("assistant", "a"), says("user", "b")] });
    expect((body["messages"] as JsonObject[]).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(fields).toEqual(["changed_field messages"]);
  });

  test("prefill goes to models that take it, without white space at its end", () => {
    const items = [says("user", "a"), says("assistant", "b \n")];
    const old = encode({ items }, "claude-haiku-4-5");
    expect((old.body["messages"] as JsonObject[]).at(-1)).toEqual({ role: "assistant", content: [text("b")] });
    expect(old.fields).toEqual(["changed_field messages"]);
    const current = encode({ items: [says("user", "a"), says("assistant", "b")] }, "claude-opus-4-6");
    expect((current.body["messages"] as JsonObject[]).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(current.fields).toEqual(["changed_field messages"]);
  });

  test("call ids become safe, the same for a call and its result", () => {
    const [, call, result] = messages(says("user", "a"), calls("call.1|ä"), answers("call.1|ä")) as {
      content: JsonObject[];
    }[];
    const id = call?.content[0]?.["id"] as string;
    expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(result?.content[0]?.["tool_use_id"]).toBe(id);
    const [, other] = messages(says("user", "a"), calls("call_1_ä")) as { content: JsonObject[] }[];
    expect(other?.content[0]?.["id"]).not.toBe(id);
  });

  test("arguments that are no object still arrive", () => {
    for (const args of ["not json", "[1]", '"x"', "7"]) {
      const { body, fields } = encode({ items: [says("user", "a"), calls("x", args), answers("x")] });
      expect((body["messages"] as { content: JsonObject[] }[])[1]?.content[0]?.["input"]).toEqual({ input: args });
      expect(fields).toEqual(["changed_field messages"]);
    }
  });

  test("foreign reasoning stays behind, own reasoning goes back byte by byte", () => {
    const { body, fields } = encode({
      items: [
        says("user", "a"),
        {
          type: "reasoning",
          summary: ["s"],
          text: "",
          opaque: { maker: "openai-responses", kind: "encrypted", value: "gAAA", id: "rs_1" },
        },
        { type: "reasoning", summary: [], text: "unsigned" },
        {
          type: "reasoning",
          summary: [],
          text: "mine",
          opaque: { maker: "anthropic-messages", kind: "signature", value: "Eq/+==" },
        },
        {
          type: "reasoning",
          summary: [],
          text: "",
          opaque: { maker: "anthropic-messages", kind: "redacted", value: "Em/+==" },
        },
        { ...calls("x"), opaque: { maker: "gemini", kind: "signature", value: "g" } } as Item,
        answers("x"),
      ],
    });
    expect((body["messages"] as { content: JsonObject[] }[])[1]?.content).toEqual([
      { type: "thinking", thinking: "mine", signature: "Eq/+==" },
      { type: "redacted_thinking", data: "Em/+==" },
      { type: "tool_use", id: "x", name: "f", input: {} },
    ]);
    expect(fields).toEqual(["dropped_opaque messages", "dropped_content messages", "dropped_opaque messages"]);
  });

  test("servers of other models get thinking as text", () => {
    const items: Item[] = [
      says("user", "a"),
      { type: "reasoning", summary: [], text: "t" },
      says("assistant", "b"),
      says("user", "c"),
    ];
    const { body } = encode({ items }, "deepseek-reasoner");
    expect((body["messages"] as { content: JsonObject[] }[])[1]?.content[0]).toEqual({
      type: "thinking",
      thinking: "t",
      signature: "",
    });
  });
});

describe("media", () => {
  const content = (...parts: Extract<Item, { type: "message" }>["content"]) => {
    const { body, fields } = encode({ items: [{ type: "message", role: "user", content: parts }] });
    return { blocks: (body["messages"] as { content: JsonObject[] }[])[0]?.content ?? [], fields };
  };

  test("images by data, with a type that the data gives away, and by address", () => {
    const { blocks, fields } = content(
      { type: "image", source: { type: "base64", data: "/9j/4AAQ" } },
      { type: "image", source: { type: "url", url: "https://i.example/a" }, detail: "high" },
    );
    expect(blocks).toEqual([
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "/9j/4AAQ" } },
      { type: "image", source: { type: "url", url: "https://i.example/a" } },
    ]);
    expect(fields).toEqual(["unsupported_field messages"]);
  });

  test("images with a type in another spelling, or that their bytes belie", () => {
    const image = (mediaType: string, data: string): Part => ({
      type: "image",
      source: { type: "base64", data },
      mediaType,
    });
    const { blocks, fields } = content(image("image/jpg", "QUJD"), image("image/jpeg", "iVBORw0KGgo="));
    expect(blocks).toEqual([
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "QUJD" } },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
    ]);
    expect(fields).toEqual([]);
  });

  test("files: PDF, text, images in disguise", () => {
    const { blocks, fields } = content(
      { type: "file", source: { type: "base64", data: "JVBERi0xLjQ=" }, filename: "a.pdf" },
      {
        type: "file",
        source: { type: "base64", data: Buffer.from("héllo").toString("base64") },
        mediaType: "text/markdown",
        filename: "b.md",
      },
      { type: "file", source: { type: "base64", data: "R0lGODlh" }, mediaType: "image/gif" },
    );
    expect(blocks).toEqual([
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" },
        title: "a.pdf",
      },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "héllo" }, title: "b.md" },
      { type: "image", source: { type: "base64", media_type: "image/gif", data: "R0lGODlh" } },
    ]);
    expect(fields).toEqual([]);
  });

  test("what cannot go along is warned of", () => {
    const { blocks, fields } = content(
      { type: "text", text: "x" },
      { type: "audio", source: { type: "base64", data: "AA" }, mediaType: "audio/wav" },
      { type: "video", source: { type: "url", url: "https://v.example" } },
      { type: "file", source: { type: "base64", data: "UEsD" }, mediaType: "application/zip" },
      { type: "file", source: { type: "file_id", id: "file-openai" } },
      { type: "image", source: { type: "base64", data: "Qk0" }, mediaType: "image/bmp" },
      { type: "opaque", dialect: "gemini", value: {} },
    );
    expect(blocks).toEqual([text("x")]);
    expect(fields).toEqual(Array.from({ length: 6 }, () => "dropped_content messages"));
  });

  test("assistants say no images", () => {
    const items: Item[] = [
      says("user", "a"),
      {
        type: "message",
        role: "assistant",
        content: [{ type: "image", source: { type: "url", url: "https://i.example" } }],
      },
      says("user", "b"),
    ];
    const { body, fields } = encode({ items });
    expect(body["messages"]).toEqual([{ role: "user", content: [text("a"), text("b")] }]);
    expect(fields).toEqual(["dropped_content messages"]);
  });
});
