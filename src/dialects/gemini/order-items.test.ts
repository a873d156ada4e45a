import { describe, expect, test } from "bun:test";
import { objectOf, textOf, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { call, encode, result, say } from "./fixtures/requests.ts";
import type { PartShape } from "./fixtures/wire-shapes.ts";

/** The contents in short: `user: text`, `model: f g`, `user: f=… g=…`. */
function contentsOf(...items: Item[]): string[] {
  const { contents } = encode({ items }).body;
  return contents.map(({ role, parts = [] }) => `${textOf(role)}: ${parts.map(shownPart).join(" ")}`);
}

function shownPart({ text, functionCall, functionResponse }: PartShape): string {
  if (functionResponse === undefined) return text ?? textOf(functionCall?.name);
  return `${textOf(functionResponse.name)}=${textOf(objectOf(functionResponse.response).output)}`;
}

describe("results of parallel calls", () => {
  const calls = [say("user", "go"), call("1", "f"), call("2", "g")];

  test("stand in one turn, before what the user said among them", () => {
    const contents = contentsOf(...calls, result("1", "a"), say("user", "hurry"), result("2", "b"), say("user", "up"));
    expect(contents).toEqual(["user: go", "model: f g", "user: f=a g=b", "user: hurry up"]);
  });

  test("come right after the calls, also where the user spoke first", () => {
    const contents = contentsOf(...calls, say("user", "hurry"), result("1", "a"), result("2", "b"));
    expect(contents).toEqual(["user: go", "model: f g", "user: f=a g=b", "user: hurry"]);
  });

  test("have the order of the calls, by which they are told apart without ids", () => {
    const same = [say("user", "go"), call("1", "f"), call("2", "f")];
    expect(contentsOf(...same, result("2", "b"), result("1", "a"))).toEqual([
      "user: go",
      "model: f f",
      "user: f=a f=b",
    ]);
  });

  test("stay apart from those of later calls", () => {
    const contents = contentsOf(...calls, result("2", "b"), result("1", "a"), call("3", "h"), result("3", "c"));
    expect(contents).toEqual(["user: go", "model: f g", "user: f=a g=b", "model: h", "user: h=c"]);
  });

  test("have instructions among them without falling apart", () => {
    const contents = contentsOf(...calls, result("1", "a"), say("developer", "be brief"), result("2", "b"));
    expect(contents).toEqual(["user: go", "model: f g", "user: f=a g=b"]);
  });
});

test("a Gemini client's own order stays", () => {
  const parts = (...list: JsonObject[]): JsonObject => ({ role: "user", parts: list });
  const body = {
    contents: [
      parts({ text: "go" }),
      { role: "model", parts: [{ functionCall: { name: "f", args: {} } }, { functionCall: { name: "g", args: {} } }] },
      parts({ functionResponse: { name: "f", response: { output: "a" } } }, { text: "hurry" }),
      parts({ functionResponse: { name: "g", response: { output: "b" } } }),
    ],
  };
  const request = decodeRequest({ body, pathModel: "m" });
  expect(encodeRequest(request, { model: "m", warnings: [], flags: {} }).body).toEqual(body);
});
