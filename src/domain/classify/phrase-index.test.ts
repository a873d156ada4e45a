import { describe, expect, test } from "bun:test";
import { PhraseIndex } from "./phrase-index.ts";

describe("PhraseIndex", () => {
  const index = new PhraseIndex([
    ["refund", "money back", "C++", "Größe"],
    ["退款", "#urgent", "환불"],
  ]);

  test.each<[string, [number, number]]>([
    ["i want a refund", [1, 0]],
    ["refund refund refund", [1, 0]],
    ["my money back, a refund", [2, 0]],
    ["refunds", [0, 0]],
    ["prerefund", [0, 0]],
    ["refund!", [1, 0]],
    ["c++ and c", [1, 0]],
    ["welche größe?", [1, 0]],
    ["我要退款了", [0, 1]],
    ["now #urgent", [0, 1]],
    ["환불해 주세요", [0, 1]],
    ["money", [0, 0]],
    ["", [0, 0]],
  ])("%p", (text, counts) => {
    expect(index.count(text)).toEqual(counts);
  });

  test("empty phrases and empty lists find nothing", () => {
    expect(new PhraseIndex([[""], []]).count("a b")).toEqual([0, 0]);
  });
});
