import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { anthropicMessages } from "./index.ts";
import { base, BODIES } from "./fixtures/round-trip.ts";

describe("what no provider could accept", () => {
  const cases: [string, JsonObject, string][] = [
    ["no model", { messages: [] }, "model"],
    ["a model of the wrong type", { model: 3 }, "model"],
    ["messages that are no list", { model: "m", messages: "hi" }, "messages"],
    ["a message that is no object", { model: "m", messages: ["hi"] }, "messages[0]"],
    ["an unknown role", { model: "m", messages: [{ role: "tool", content: "x" }] }, "messages[0].role"],
    ["no content", { model: "m", messages: [{ role: "user" }] }, "messages[0].content"],
    ["a block that is no object", { model: "m", messages: [{ role: "user", content: [1] }] }, "messages[0].content[0]"],
    [
      "a block without a type",
      { model: "m", messages: [{ role: "user", content: [{}] }] },
      "messages[0].content[0].type",
    ],
    ["system of the wrong type", { model: "m", system: 3 }, "system"],
    ["max_tokens of the wrong type", { model: "m", max_tokens: "4" }, "max_tokens"],
    ["stop sequences of the wrong type", { model: "m", stop_sequences: [1] }, "stop_sequences"],
    ["tools that are no list", { model: "m", tools: {} }, "tools"],
    ["a tool that is no object", { model: "m", tools: [null] }, "tools[0]"],
    ["a tool choice of the wrong type", { model: "m", tool_choice: "auto" }, "tool_choice"],
  ];
  for (const [name, body, param] of cases) {
    test(name, () => {
      let error: unknown;
      try {
        anthropicMessages.decodeRequest({ body });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).code).toBe("invalid_request");
      expect((error as GatewayError).fields.param).toBe(param);
      expect((error as GatewayError).message).toStartWith(`${param}: `);
    });
  }
});

describe("what was changed since it was decoded", () => {
  const encode = (
    body: JsonObject,
    change: (request: ReturnType<typeof anthropicMessages.decodeRequest>) => void,
  ): JsonObject => {
    const request = anthropicMessages.decodeRequest({ body: structuredClone(body) });
    change(request);
    return anthropicMessages.encodeRequest(request, { model: request.model, warnings: [], flags: {} }).body;
  };

  test("a redacted search result does not bring its old text back", () => {
    const body = encode(BODIES["documents"] ?? {}, (request) => {
      for (const item of request.items) {
        if (item.type !== "message") continue;
        for (const part of item.content)
          if (part.type === "file" && part.source.type === "text") part.source.text = "[redacted]";
      }
    });
    expect(JSON.stringify(body)).not.toContain("found");
    expect(JSON.stringify(body)).not.toContain("just text");
    expect(JSON.stringify(body)).toContain("[redacted]");
  });

  test("reasoning set by a rule wins over what the caller wrote", () => {
    const body = encode(BODIES["thinking with a budget"] ?? {}, (request) => (request.reasoning = { effort: "none" }));
    expect(body["thinking"]).toBeUndefined();
  });

  test("a new end user takes the place of the old one", () => {
    const body = encode(base({ metadata: { user_id: "a", other: 1 } }), (request) => (request.endUser = "b"));
    expect(body["metadata"]).toEqual({ user_id: "b", other: 1 });
  });
});
