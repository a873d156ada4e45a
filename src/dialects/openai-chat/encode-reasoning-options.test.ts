import { expect, test } from "bun:test";
import type { ProviderFlags } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";

function encode(request: ChatRequest, flags: ProviderFlags, target = "m"): { body: JsonObject; warnings: string[] } {
  const warnings: Warning[] = [];
  const { body } = encodeRequest(request, { model: target, warnings, flags });
  const { model: _model, messages: _messages, ...rest } = body;
  return { body: rest, warnings: warnings.map(({ code, field }) => `${code} ${field}`) };
}

const foreign = (reasoning: ReasoningOptions): ChatRequest => ({
  model: "m",
  stream: false,
  items: [{ type: "message", role: "user", content: [{ type: "text", text: "hi" }] }],
  tools: [],
  extensions: {},
  warnings: [],
  reasoning,
});

const EFFORT: ProviderFlags = { efforts: ["low", "medium", "high"] };
const NONE: ProviderFlags = { efforts: ["none", "low", "medium", "high"] };
const THINKING: ProviderFlags = { reasoning: "thinking" };
const GRADED: ProviderFlags = { reasoning: "thinking", efforts: ["low", "high", "max"] };
const SWITCH: ProviderFlags = { reasoning: "enable_thinking" };
const ROUTER: ProviderFlags = { reasoning: "reasoning" };
const TEMPLATE: ProviderFlags = { reasoning: "chat_template_kwargs", ...EFFORT };
const on = { enable_thinking: true, thinking: true };
const effort = "changed_field reasoning.effort";
const budget = "changed_field reasoning.budget_tokens";

test.each<[string, ReasoningOptions, ProviderFlags, JsonObject, string[]]>([
  ["an effort that the host takes", { effort: "medium" }, EFFORT, { reasoning_effort: "medium" }, []],
  ["minimal: low is nearest", { effort: "minimal" }, EFFORT, { reasoning_effort: "low" }, [effort]],
  ["xhigh: high is nearest", { effort: "xhigh" }, EFFORT, { reasoning_effort: "high" }, [effort]],
  ["none where it is taken", { effort: "none" }, NONE, { reasoning_effort: "none" }, []],
  ["none where most refuse it", { effort: "none" }, EFFORT, {}, [effort]],
  ["minimal is never taken for none", { effort: "minimal" }, NONE, { reasoning_effort: "low" }, [effort]],
  ["thinking on", { budgetTokens: -1 }, THINKING, { thinking: { type: "enabled" } }, []],
  ["thinking off", { budgetTokens: 0 }, THINKING, { thinking: { type: "disabled" } }, []],
  ["thinking by budget", { budgetTokens: 9000 }, THINKING, { thinking: { type: "enabled" } }, [budget]],
  ["thinking by effort", { effort: "low" }, THINKING, { thinking: { type: "enabled" } }, [effort]],
  ["adaptive", { adaptive: true }, { reasoning: "adaptive" }, { thinking: { type: "adaptive" } }, []],
  ["adaptive off", { effort: "none" }, { reasoning: "adaptive" }, { thinking: { type: "disabled" } }, []],
  [
    "DeepSeek takes medium for high",
    { effort: "medium" },
    GRADED,
    { thinking: { type: "enabled" }, reasoning_effort: "high" },
    [effort],
  ],
  [
    "DeepSeek takes xhigh for high",
    { effort: "xhigh" },
    GRADED,
    { thinking: { type: "enabled" }, reasoning_effort: "high" },
    [effort],
  ],
  ["a graded host off", { effort: "none" }, GRADED, { thinking: { type: "disabled" } }, []],
  ["a switch with a budget", { budgetTokens: 500 }, SWITCH, { enable_thinking: true, thinking_budget: 500 }, []],
  ["a switch off", { effort: "none" }, SWITCH, { enable_thinking: false }, []],
  ["a switch by effort", { effort: "high" }, SWITCH, { enable_thinking: true }, [effort]],
  ["OpenRouter's effort", { effort: "xhigh" }, ROUTER, { reasoning: { effort: "xhigh" } }, []],
  ["OpenRouter's budget", { budgetTokens: 2000 }, ROUTER, { reasoning: { max_tokens: 2000 } }, []],
  ["OpenRouter's switch", { budgetTokens: -1 }, ROUTER, { reasoning: { enabled: true } }, []],
  ["OpenRouter off", { budgetTokens: 0 }, ROUTER, { reasoning: { effort: "none" } }, []],
  ["OpenRouter without thoughts", { summary: "none" }, ROUTER, { reasoning: { exclude: true } }, []],
  ["a template on", { effort: "high" }, TEMPLATE, { chat_template_kwargs: on, reasoning_effort: "high" }, []],
  [
    "a template off",
    { effort: "none" },
    TEMPLATE,
    { chat_template_kwargs: { enable_thinking: false, thinking: false } },
    [],
  ],
  ["no way to say it", { effort: "high" }, { reasoning: "unsupported" }, {}, ["unsupported_field reasoning.effort"]],
  ["a summary alone asks for nothing", { summary: "auto" }, THINKING, {}, []],
])("%s", (_name, options, flags, body, warnings) => {
  expect(encode(foreign(options), flags)).toEqual({ body, warnings });
});

test.each([
  { reasoning_effort: "xhigh" },
  { thinking: { type: "enabled", budget_tokens: 4000 } },
  { enable_thinking: false, reasoning_effort: "low" },
  { reasoning: { max_tokens: 5, exclude: true } },
])("a client of this dialect is taken at its word: %j", (fields) => {
  const body = { model: "m", messages: [{ role: "user", content: "hi" }], ...fields };
  for (const flags of [EFFORT, THINKING, SWITCH, ROUTER, TEMPLATE])
    expect(encode(decodeRequest({ body: structuredClone(body) }), flags)).toEqual({ body: fields, warnings: [] });
});

test.each<[string, ReasoningOptions, JsonObject, string[]]>([
  ["gpt-4o", { effort: "low", budgetTokens: 1024 }, {}, ["unsupported_field reasoning.effort"]],
  ["openai/gpt-4.1", { effort: "none" }, {}, []],
  ["o4-mini", { effort: "xhigh" }, { reasoning_effort: "high" }, [effort]],
  ["gpt-5.1", { effort: "none" }, { reasoning_effort: "none" }, []],
])("OpenAI's %s is asked for %j as it takes it", (model, options, body, warnings) => {
  expect(encode(foreign(options), {}, model)).toEqual({ body, warnings });
});

test.each<[string, string[]]>([
  ["gpt-5", ["unsupported_field temperature", "unsupported_field logit_bias", "unsupported_field stop"]],
  ["gpt-5.1", []],
  ["m", []],
])("sampling of a client of another dialect at %s", (model, told) => {
  const fields = { temperature: 0.5, topP: 1, logprobs: false, logitBias: { "5": 1 }, stop: ["x"] };
  const { body, warnings } = encode({ ...foreign({}), ...fields }, {}, model);
  expect(Object.keys(body)).toEqual(told.length > 0 ? [] : ["temperature", "top_p", "logprobs", "logit_bias", "stop"]);
  expect(warnings).toEqual(told);
});

test("a client of chat completions keeps what it said", () => {
  const said = { model: "m", messages: [{ role: "user", content: "hi" }], temperature: 0.5, reasoning_effort: "max" };
  const { body } = encode(decodeRequest({ body: said, path: {}, query: {}, headers: {} } as never), {}, "gpt-5");
  expect(body).toEqual({ temperature: 0.5, reasoning_effort: "max" });
});
