import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import { decodeContents } from "./decode-contents.ts";
import type { Item } from "../../canonical/request.ts";

const user = (text: string): JsonObject => ({ role: "user", parts: [{ text }] });
const model = (...parts: JsonObject[]): JsonObject => ({ role: "model", parts });

/** Items in short: the texts of messages, the names of calls. */
function decode(...contents: JsonObject[]): string[] {
  const items: Item[] = [];
  decodeContents(contents, items);
  return items.map((item) => {
    if (item.type === "tool_call") return item.name;
    return item.type === "message"
      ? item.content.map((part) => ("text" in part ? part.text : "?")).join("|")
      : item.type;
  });
}

test("an answer that a chat of the SDK kept chunk by chunk is one message again", () => {
  const call = { functionCall: { id: "a", name: "f", args: {} } };
  const chunks = [model({ text: "I" }), model({ text: " look" }), model(call), model({ text: "" })];
  expect(decode(user("go"), ...chunks, user("and"))).toEqual(["go", "I look", "f", "and"]);
});

test("an empty beginning grows, too", () => {
  expect(decode(user("go"), model({ text: "" }), model({ text: "a" }), model({ text: "b" }))).toEqual(["go", "ab"]);
});

test("signed pieces and those of the user stay apart", () => {
  const signed = model({ text: "b", thoughtSignature: "c2ln" });
  expect(decode(user("x"), user("y"), model({ text: "a" }), signed, model({ text: "c" }))).toEqual([
    "x",
    "y",
    "a",
    "b",
    "c",
  ]);
});
