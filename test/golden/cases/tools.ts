import { isJsonObject, type JsonObject } from "../../../src/canonical/json.ts";
import { TOOL_FACTS, TOOLS, USER, withTools, type InlineCase, type InlineDialect } from "./case.ts";

const PARIS = { city: "Paris", unit: "c" };
const ROME = { city: "Rome", unit: "c" };
const PNG = "iVBORw0KGgoAAAANSUhEUg==";

/** A conversation with two parallel calls and their results, which each dialect writes down. */
function conversation(results: Record<InlineDialect, JsonObject[] | string>): InlineCase["wire"] {
  const chatCall = (id: string, args: object): JsonObject => ({
    id,
    type: "function",
    function: { name: "get_weather", arguments: JSON.stringify(args) },
  });
  const responsesCall = (call_id: string, args: object): JsonObject => ({
    type: "function_call",
    call_id,
    name: "get_weather",
    arguments: JSON.stringify(args),
  });
  const bodies: Record<InlineDialect, (list: JsonObject[]) => JsonObject> = {
    "openai-chat": (list) => ({
      messages: [
        { role: "user", content: USER },
        {
          role: "assistant",
          content: "Let me look.",
          tool_calls: [chatCall("call_1", PARIS), chatCall("call_2", ROME)],
        },
        ...list,
      ],
    }),
    "openai-responses": (list) => ({
      input: [
        { role: "user", content: USER },
        { role: "assistant", content: "Let me look." },
        responsesCall("call_1", PARIS),
        responsesCall("call_2", ROME),
        ...list,
      ],
    }),
    "anthropic-messages": (list) => ({
      max_tokens: 1000,
      messages: [
        { role: "user", content: USER },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Let me look." },
            { type: "tool_use", id: "call_1", name: "get_weather", input: PARIS },
            { type: "tool_use", id: "call_2", name: "get_weather", input: ROME },
          ],
        },
        { role: "user", content: list },
      ],
    }),
    gemini: (list) => ({
      contents: [
        { role: "user", parts: [{ text: USER }] },
        {
          role: "model",
          parts: [
            { text: "Let me look." },
            { functionCall: { id: "call_1", name: "get_weather", args: PARIS } },
            { functionCall: { id: "call_2", name: "get_weather", args: ROME } },
          ],
        },
        { role: "user", parts: list },
      ],
    }),
  };
  const entries = Object.entries(results).map(([name, list]) => {
    const dialect = name as InlineDialect;
    return [dialect, typeof list === "string" ? list : { ...bodies[dialect](list), ...TOOLS[dialect] }];
  });
  return Object.fromEntries(entries) as InlineCase["wire"];
}

function listOf({ tools }: JsonObject): JsonObject[] {
  return Array.isArray(tools) ? tools.filter(isJsonObject) : [];
}

function chatWithTools(): JsonObject {
  return { messages: [{ role: "user", content: USER }], ...TOOLS["openai-chat"] };
}

/** Tools, the choice among them, their calls and results. */
export const TOOL_CASES: InlineCase[] = [
  {
    name: "tools-auto",
    facts: TOOL_FACTS,
    wire: withTools({
      "openai-chat": { tool_choice: "auto" },
      "openai-responses": { tool_choice: "auto" },
      "anthropic-messages": { tool_choice: { type: "auto" } },
      gemini: { toolConfig: { functionCallingConfig: { mode: "AUTO" } } },
    }),
  },
  {
    name: "tools-required",
    facts: TOOL_FACTS,
    wire: withTools({
      "openai-chat": { tool_choice: "required" },
      "openai-responses": { tool_choice: "required" },
      "anthropic-messages": { tool_choice: { type: "any" } },
      gemini: { toolConfig: { functionCallingConfig: { mode: "ANY" } } },
    }),
  },
  {
    name: "tools-forced",
    facts: TOOL_FACTS,
    wire: withTools({
      "openai-chat": { tool_choice: { type: "function", function: { name: "get_time" } } },
      "openai-responses": { tool_choice: { type: "function", name: "get_time" } },
      "anthropic-messages": { tool_choice: { type: "tool", name: "get_time" } },
      gemini: { toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["get_time"] } } },
    }),
  },
  {
    name: "tools-none",
    facts: TOOL_FACTS,
    wire: withTools({
      "openai-chat": { tool_choice: "none" },
      "openai-responses": { tool_choice: "none" },
      "anthropic-messages": { tool_choice: { type: "none" } },
      gemini: { toolConfig: { functionCallingConfig: { mode: "NONE" } } },
    }),
  },
  {
    // Without such a choice, the others need not be declared.
    name: "tools-allowed",
    facts: ["get_time"],
    wire: withTools({
      "openai-chat": {
        tool_choice: {
          type: "allowed_tools",
          allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "get_time" } }] },
        },
      },
      "openai-responses": {
        tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "get_time" }] },
      },
      "anthropic-messages": "a choice of all tools or one",
      gemini: { toolConfig: { functionCallingConfig: { mode: "VALIDATED", allowedFunctionNames: ["get_time"] } } },
    }),
  },
  {
    name: "tools-one-at-a-time",
    facts: TOOL_FACTS,
    wire: withTools({
      "openai-chat": { parallel_tool_calls: false },
      "openai-responses": { parallel_tool_calls: false },
      "anthropic-messages": { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
      gemini: "calls are parallel",
    }),
  },
  {
    name: "tool-custom",
    facts: ["run_code", "Runs Python", "print(1)", "1 was printed"],
    wire: {
      "openai-chat": {
        messages: [
          { role: "user", content: USER },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "custom", custom: { name: "run_code", input: "print(1)" } }],
          },
          { role: "tool", tool_call_id: "call_1", content: "1 was printed" },
        ],
        tools: [{ type: "custom", custom: { name: "run_code", description: "Runs Python", format: { type: "text" } } }],
      },
      "openai-responses": {
        input: [
          { role: "user", content: USER },
          { type: "custom_tool_call", call_id: "call_1", name: "run_code", input: "print(1)" },
          { type: "custom_tool_call_output", call_id: "call_1", output: "1 was printed" },
        ],
        tools: [{ type: "custom", name: "run_code", description: "Runs Python", format: { type: "text" } }],
      },
      "anthropic-messages": "tools take JSON",
      gemini: "tools take JSON",
    },
  },
  {
    name: "tool-web-search",
    facts: [USER],
    wire: {
      "openai-chat": { messages: [{ role: "user", content: USER }], web_search_options: {} },
      "openai-responses": { input: USER, tools: [{ type: "web_search" }] },
      "anthropic-messages": {
        max_tokens: 1000,
        messages: [{ role: "user", content: USER }],
        tools: [{ type: "web_search_20250305", name: "web_search" }],
      },
      gemini: { contents: [{ role: "user", parts: [{ text: USER }] }], tools: [{ googleSearch: {} }] },
    },
  },
  {
    name: "tools-and-search",
    facts: ["get_time", "Weather of a city"],
    wire: {
      "openai-chat": { ...chatWithTools(), web_search_options: {} },
      "openai-responses": {
        input: USER,
        tools: [{ type: "web_search" }, ...listOf(TOOLS["openai-responses"])],
      },
      "anthropic-messages": {
        max_tokens: 1000,
        messages: [{ role: "user", content: USER }],
        tools: [{ type: "web_search_20250305", name: "web_search" }, ...listOf(TOOLS["anthropic-messages"])],
      },
      gemini: {
        contents: [{ role: "user", parts: [{ text: USER }] }],
        tools: listOf(TOOLS.gemini).map((tool) => ({ googleSearch: {}, ...tool })),
      },
    },
  },
  {
    name: "tool-of-one-provider",
    facts: [USER],
    wire: {
      "openai-chat": "its only own tool is web search",
      "openai-responses": { input: USER, tools: [{ type: "code_interpreter", container: { type: "auto" } }] },
      "anthropic-messages": {
        max_tokens: 1000,
        messages: [{ role: "user", content: USER }],
        tools: [{ type: "bash_20250124", name: "bash" }],
      },
      gemini: { contents: [{ role: "user", parts: [{ text: USER }] }], tools: [{ codeExecution: {} }] },
    },
  },
  {
    name: "tool-results",
    facts: ["Let me look.", "Paris", "Rome", "21 degrees", "25 degrees"],
    wire: conversation({
      "openai-chat": [
        { role: "tool", tool_call_id: "call_1", content: "21 degrees" },
        { role: "tool", tool_call_id: "call_2", content: "25 degrees" },
      ],
      "openai-responses": [
        { type: "function_call_output", call_id: "call_1", output: "21 degrees" },
        { type: "function_call_output", call_id: "call_2", output: "25 degrees" },
      ],
      "anthropic-messages": [
        { type: "tool_result", tool_use_id: "call_1", content: "21 degrees" },
        { type: "tool_result", tool_use_id: "call_2", content: [{ type: "text", text: "25 degrees" }] },
      ],
      gemini: [
        { functionResponse: { id: "call_1", name: "get_weather", response: { output: "21 degrees" } } },
        { functionResponse: { id: "call_2", name: "get_weather", response: { output: "25 degrees" } } },
      ],
    }),
  },
  {
    name: "tool-result-error",
    facts: ["no such city"],
    wire: conversation({
      "openai-chat": "errors are text",
      "openai-responses": "errors are text",
      "anthropic-messages": [
        { type: "tool_result", tool_use_id: "call_1", content: "no such city", is_error: true },
        { type: "tool_result", tool_use_id: "call_2", content: "25 degrees" },
      ],
      gemini: [
        { functionResponse: { id: "call_1", name: "get_weather", response: { error: "no such city" } } },
        { functionResponse: { id: "call_2", name: "get_weather", response: { output: "25 degrees" } } },
      ],
    }),
  },
  {
    name: "tool-result-image",
    facts: ["25 degrees", PNG],
    wire: conversation({
      "openai-chat": "results are text",
      "openai-responses": [
        {
          type: "function_call_output",
          call_id: "call_1",
          output: [{ type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" }],
        },
        { type: "function_call_output", call_id: "call_2", output: "25 degrees" },
      ],
      "anthropic-messages": [
        {
          type: "tool_result",
          tool_use_id: "call_1",
          content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }],
        },
        { type: "tool_result", tool_use_id: "call_2", content: "25 degrees" },
      ],
      gemini: [
        {
          functionResponse: {
            id: "call_1",
            name: "get_weather",
            response: {},
            parts: [{ inlineData: { mimeType: "image/png", data: PNG } }],
          },
        },
        { functionResponse: { id: "call_2", name: "get_weather", response: { output: "25 degrees" } } },
      ],
    }),
  },
];
