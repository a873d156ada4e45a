import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { SCHEMA, encode, tool } from "./fixtures/requests.ts";

describe("tools", () => {
  test("functions", () => {
    const { body } = encode({
      tools: [
        { ...tool, description: "d", strict: false },
        { type: "function", name: "g" },
      ],
    });
    expect(body["tools"]).toEqual([
      { name: "f", description: "d", input_schema: SCHEMA },
      { name: "g", input_schema: { type: "object", properties: {} } },
    ]);
  });

  test("one of each name", () => {
    const { body, fields } = encode({
      tools: [
        tool,
        tool,
        { type: "web_search", dialect: "openai-chat", raw: {} },
        { type: "function", name: "web_search" },
      ],
    });
    expect((body["tools"] as JsonObject[]).map(({ name, type }) => [name, type])).toEqual([
      ["f", undefined],
      ["web_search", "web_search_20250305"],
    ]);
    expect(fields).toEqual(["unsupported_tool tools"]);
  });

  test("strict schemas are adapted, where the model has them", () => {
    const parameters: JsonObject = {
      type: "object",
      properties: { n: { type: "integer", minimum: 1, description: "D" } },
      required: ["n"],
    };
    const { body, fields } = encode({ tools: [{ type: "function", name: "f", parameters, strict: true }] });
    expect(body["tools"]).toEqual([
      {
        name: "f",
        strict: true,
        input_schema: {
          type: "object",
          properties: { n: { type: "integer", description: "D\n\n{minimum: 1}" } },
          required: ["n"],
          additionalProperties: false,
        },
      },
    ]);
    expect(fields).toEqual(["changed_field tools"]);
    const old = encode(
      { tools: [{ type: "function", name: "f", parameters, strict: true }] },
      "claude-3-haiku-20240307",
    );
    expect(old.body["tools"]).toEqual([{ name: "f", input_schema: parameters }]);
    expect(old.fields).toEqual(["unsupported_field tools"]);
  });

  test("a union at the top is laid flat", () => {
    const variant = (name: string): JsonObject => ({
      type: "object",
      properties: { kind: { type: "string" }, [name]: { type: "number" } },
      required: ["kind", name],
    });
    const { body, fields } = encode({
      tools: [{ type: "function", name: "f", parameters: { anyOf: [variant("a"), variant("b")] } }],
    });
    expect(body["tools"]).toEqual([
      {
        name: "f",
        input_schema: {
          type: "object",
          properties: { kind: { type: "string" }, a: { type: "number" }, b: { type: "number" } },
          required: ["kind"],
        },
      },
    ]);
    expect(fields).toEqual(["changed_field tools"]);
  });

  test("free text, web search and tools of others", () => {
    const { body, fields } = encode({
      tools: [
        {
          type: "custom",
          name: "patch",
          description: "d",
          format: { type: "grammar", syntax: "lark", definition: "start: x" },
        },
        {
          type: "web_search",
          dialect: "openai-responses",
          raw: {
            type: "web_search",
            filters: { allowed_domains: ["a.example"] },
            user_location: { type: "approximate", city: "Rome" },
            search_context_size: "low",
          },
        },
        { type: "opaque", dialect: "openai-responses", value: { type: "file_search" } },
      ],
    });
    expect(body["tools"]).toEqual([
      {
        name: "patch",
        description: "d",
        input_schema: {
          type: "object",
          properties: { input: { type: "string", description: "Must follow this grammar:\nstart: x" } },
          required: ["input"],
        },
      },
      {
        type: "web_search_20250305",
        name: "web_search",
        allowed_domains: ["a.example"],
        user_location: { type: "approximate", city: "Rome" },
      },
    ]);
    expect(fields).toEqual(["changed_field tools", "unsupported_field tools", "unsupported_tool tools"]);
    const search = encode({ tools: [{ type: "web_search", dialect: "gemini", raw: { google_search: {} } }] });
    expect(search.body["tools"]).toEqual([{ type: "web_search_20250305", name: "web_search" }]);
  });

  test("choices", () => {
    const choice = (fields: Partial<ChatRequest>, model?: string) =>
      encode({ tools: [tool, { ...tool, name: "g" }], ...fields }, model).body["tool_choice"];
    expect(choice({})).toBeUndefined();
    expect(choice({ parallelToolCalls: true })).toBeUndefined();
    expect(choice({ parallelToolCalls: false })).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(choice({ toolChoice: { type: "required" } })).toEqual({ type: "any" });
    expect(choice({ toolChoice: { type: "tool", name: "f" }, parallelToolCalls: false })).toEqual({
      type: "tool",
      name: "f",
      disable_parallel_tool_use: true,
    });
    expect(choice({ toolChoice: { type: "none" }, parallelToolCalls: false })).toEqual({ type: "none" });
    expect(choice({ toolChoice: { type: "required" } }, "claude-opus-5-5")).toEqual({ type: "auto" });
    expect(choice({ toolChoice: { type: "required" } }, "claude-opus-5")).toEqual({ type: "any" });
  });

  test("an allowed subset leaves the other tools out", () => {
    const { body } = encode({
      tools: [tool, { ...tool, name: "g" }],
      toolChoice: { type: "allowed", names: ["g"], mode: "required" },
    });
    expect((body["tools"] as JsonObject[]).map(({ name }) => name)).toEqual(["g"]);
    expect(body["tool_choice"]).toEqual({ type: "any" });
  });

  test("a choice needs tools", () => {
    const { body, fields } = encode({ toolChoice: { type: "required" } });
    expect(body["tool_choice"]).toBeUndefined();
    expect(fields).toEqual(["unsupported_field tool_choice"]);
  });
});
