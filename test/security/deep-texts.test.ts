import { describe, expect, test } from "bun:test";
import type { SpokenDialect } from "../e2e/spoken.ts";
import { DIALECT_NAMES, goodAnswer } from "../faults/bench.ts";
import { BodyScene } from "./body-scene.ts";

/** JSON that stands in a text of a request, where the depth of the body says nothing about it. */
const scene = new BodyScene();
const LEVELS = 60_000;
const LISTS = `${"[".repeat(LEVELS)}${"]".repeat(LEVELS)}`;
const OBJECT = `{"a":${LISTS}}`;
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];

const modelOf = (dialect: SpokenDialect): string => scene.bench.model(dialect, goodAnswer(dialect, false));
/** Opaque state as clients hand it back, though no model has made it. */
const forged = (value: string): string =>
  `tl1.${Buffer.from(JSON.stringify(["openai-chat", "signature", value, null])).toString("base64url")}`;

describe.each(DIALECT_NAMES)("for a provider of %s", (dialect) => {
  test.each([
    ["an object", OBJECT],
    ["lists", LISTS],
    ["what never ends", "[".repeat(1_000_000)],
  ])("arguments of a call: %s", async (_, text) => {
    const call = { id: "c1", type: "function", function: { name: "f", arguments: text } };
    const messages = [
      { role: "user", content: "x" },
      { role: "assistant", tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: text },
    ];
    const answer = await scene.post(JSON.stringify({ model: modelOf(dialect), messages, tools }));
    expect(answer).toEqual({ status: 200, code: "", message: "" });
  });

  test("state of a thought that somebody made up", async () => {
    const thinking = { type: "thinking", thinking: "so", signature: forged(`{"detail":${OBJECT}}`) };
    const messages = [
      { role: "user", content: "x" },
      { role: "assistant", content: [thinking, { type: "text", text: "y" }] },
      { role: "user", content: "z" },
    ];
    const body = JSON.stringify({ model: modelOf(dialect), messages, max_tokens: 10 });
    expect(await scene.post(body, {}, "/v1/messages")).toEqual({ status: 200, code: "", message: "" });
  });

  test("the schema of an answer is refused", async () => {
    const format = { type: "json_schema", structure: { jsonSchema: { name: "s", schema: OBJECT } } };
    const body = { messages: [{ role: "user", content: [{ text: "x" }] }], outputConfig: { textFormat: format } };
    const path = `/model/${encodeURIComponent(modelOf(dialect))}/converse`;
    const answer = await fetch(scene.bench.gateway.url + path, { method: "POST", body: JSON.stringify(body) });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("textFormat")]);
  });
});
