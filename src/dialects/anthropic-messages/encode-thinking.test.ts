import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { anthropicMessages } from "./index.ts";
import { encode, says, calls, answers, tool } from "./fixtures/requests.ts";

describe("thinking", () => {
  const table: [string, ChatRequest["reasoning"], JsonObject | undefined, JsonObject | undefined][] = [
    ["claude-sonnet-4-5", { effort: "minimal" }, { type: "enabled", budget_tokens: 1024 }, undefined],
    ["claude-sonnet-4-5", { effort: "low" }, { type: "enabled", budget_tokens: 2048 }, undefined],
    ["claude-sonnet-4-5", { effort: "medium" }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { effort: "high" }, { type: "enabled", budget_tokens: 16_384 }, undefined],
    ["claude-sonnet-4-5", { budgetTokens: 500 }, { type: "enabled", budget_tokens: 1024 }, undefined],
    ["claude-sonnet-4-5", { budgetTokens: -1 }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { adaptive: true }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { effort: "none" }, undefined, undefined],
    ["claude-sonnet-4-5", { budgetTokens: 0 }, undefined, undefined],
    ["claude-opus-4-5", { effort: "high" }, { type: "enabled", budget_tokens: 16_384 }, { effort: "high" }],
    ["claude-opus-4-6", { effort: "minimal" }, { type: "adaptive" }, { effort: "low" }],
    ["claude-opus-4-6", { effort: "xhigh" }, { type: "adaptive" }, { effort: "high" }],
    ["claude-opus-4-6", { budgetTokens: 5000 }, { type: "enabled", budget_tokens: 5000 }, undefined],
    ["claude-opus-4-7", { effort: "xhigh" }, { type: "adaptive", display: "summarized" }, { effort: "xhigh" }],
    ["claude-opus-4-7", { effort: "none" }, undefined, undefined],
    ["claude-opus-4-7", { effort: "low", summary: "none" }, { type: "adaptive" }, { effort: "low" }],
    ["claude-opus-5", { budgetTokens: 9000 }, { type: "adaptive", display: "summarized" }, { effort: "high" }],
    ["claude-opus-5", { effort: "none" }, { type: "disabled" }, undefined],
    ["claude-sonnet-5-5", { effort: "none" }, { type: "between_tools" }, undefined],
    ["claude-opus-5-5", { effort: "none" }, undefined, { effort: "low" }],
    ["claude-3-5-haiku-20241022", { effort: "high" }, undefined, undefined],
    ["kimi-k2-thinking", { effort: "high" }, { type: "enabled", budget_tokens: 6553 }, undefined],
  ];
  for (const [model, reasoning, thinking, config] of table) {
    test(`${model} ${JSON.stringify(reasoning)}`, () => {
      const { body } = encode(reasoning === undefined ? {} : { reasoning }, model);
      expect(body["thinking"]).toEqual(thinking);
      expect(body["output_config"]).toEqual(config);
    });
  }

  test("a budget fits into max_tokens or goes", () => {
    const small = encode({ reasoning: { effort: "high" }, maxOutputTokens: 4000 });
    expect(small.body["thinking"]).toEqual({ type: "enabled", budget_tokens: 3200 });
    const tiny = encode({ reasoning: { effort: "high" }, maxOutputTokens: 500 });
    expect(tiny.body["thinking"]).toBeUndefined();
    expect(tiny.fields).toEqual(["unsupported_field reasoning"]);
  });

  test("a forced tool call excludes adaptive thinking at models that do not think by themselves", () => {
    const request: Partial<ChatRequest> = {
      tools: [tool],
      toolChoice: { type: "required" },
      reasoning: { effort: "high" },
    };
    for (const model of ["claude-opus-4-6", "claude-opus-4-7"]) {
      const { body, fields } = encode(request, model);
      expect(body).toMatchObject({ tool_choice: { type: "any" }, output_config: { effort: "high" } });
      expect(body["thinking"]).toBeUndefined();
      expect(fields).toEqual(["changed_field reasoning"]);
    }
  });

  test("a forced tool call excludes a thinking budget", () => {
    const { body, fields } = encode({ reasoning: { effort: "low" }, tools: [tool], toolChoice: { type: "required" } });
    expect(body["thinking"]).toBeUndefined();
    expect(body["tool_choice"]).toEqual({ type: "any" });
    expect(fields).toEqual(["changed_field reasoning"]);
    expect(
      encode({ reasoning: { effort: "low" }, tools: [tool], toolChoice: { type: "required" } }, "claude-opus-5").body[
        "thinking"
      ],
    ).toEqual({
      type: "adaptive",
      display: "summarized",
    });
  });

  test("pending tool calls without thinking exclude a thinking budget", () => {
    const items = [says("user", "a"), calls("x"), answers("x")];
    expect(encode({ reasoning: { effort: "low" }, tools: [tool], items }).body["thinking"]).toBeUndefined();
    const signed: Item = {
      type: "reasoning",
      summary: [],
      text: "t",
      opaque: { maker: "anthropic-messages", kind: "signature", value: "s" },
    };
    const whole = [says("user", "a"), signed, calls("x"), answers("x")];
    expect(encode({ reasoning: { effort: "low" }, tools: [tool], items: whole }).body["thinking"]).toEqual({
      type: "enabled",
      budget_tokens: 2048,
    });
  });

  test("an answer that is begun already excludes a thinking budget", () => {
    const items = [says("user", "a"), says("assistant", "The answer is (")];
    const { body, fields } = encode({ reasoning: { effort: "low" }, items });
    expect(body["thinking"]).toBeUndefined();
    expect(fields).toEqual(["changed_field reasoning"]);
  });

  test("a caller of this dialect whose model changed under it", () => {
    const decoded = anthropicMessages.decodeRequest({
      body: {
        model: "a",
        max_tokens: 20_000,
        messages: [{ role: "user", content: "x" }],
        thinking: { type: "enabled", budget_tokens: 10_000 },
        temperature: 0.2,
      },
    });
    const target: TargetContext = { model: "claude-opus-5-5", warnings: [], flags: {} };
    const { body } = anthropicMessages.encodeRequest(decoded, target);
    expect(body["thinking"]).toEqual({ type: "adaptive", display: "summarized" });
    expect(body["output_config"]).toEqual({ effort: "high" });
    expect(body["temperature"]).toBeUndefined();
    expect(target.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      "changed_field reasoning",
      "unsupported_field temperature",
    ]);
  });
});
