import { expect, test } from "bun:test";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { MODELS } from "./pairs.ts";
import { translateRequest } from "./translate.ts";

/** Where arguments are an object, and what an empty one looks like there. */
const OBJECTS: readonly (readonly [ChatDialect, object])[] = [
  ["ai-gateway", { toolCallId: "call_1", input: {} }],
  ["anthropic-messages", { id: "call_1", input: {} }],
  ["bedrock-converse", { toolUseId: "call_1", input: {} }],
  ["cohere", { id: "call_1", function: { name: "f", arguments: "{}" } }],
  ["gemini", { functionCall: { id: "call_1", name: "f", args: {} } }],
  ["ollama", { id: "call_1", function: { name: "f", arguments: {} } }],
];

const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];

const request = (text: string) => ({
  model: "m",
  messages: [
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: text } }],
    },
    { role: "tool", tool_call_id: "call_1", content: "done" },
  ],
  tools,
});

/** Whether an object with these fields stands anywhere in a value. */
function holds(value: unknown, fields: object): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Object.entries(fields).every(([key, field]) => Bun.deepEquals((value as Record<string, unknown>)[key], field)))
    return true;
  return Object.values(value).some((each) => holds(each, fields));
}

test.each(["[]", "[ ]", "null", " "])("arguments written as %j are none", (text) => {
  for (const [provider, call] of OBJECTS) {
    const { body, warnings } = translateRequest("openai-chat", provider, request(text), MODELS[provider]);
    const told = warnings.filter(({ message }) => message.includes("arguments"));
    expect({ provider, told, found: holds(body, call) }).toEqual({ provider, told: [], found: true });
  }
});
