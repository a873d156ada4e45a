import { expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { bedrockConverse } from "./index.ts";

const USAGE = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };

function whole(type: Json): string[] {
  const toolUse = { toolUseId: "t1", name: "f", input: { a: 1 }, type };
  const message = { role: "assistant", content: [{ toolUse }] };
  const { candidates } = bedrockConverse.decodeResponse({
    output: { message },
    stopReason: "tool_use",
    usage: USAGE,
    metrics: { latencyMs: 1 },
  });
  return candidates.flatMap(({ items }) => items.map((item) => item.type));
}

function streamed(type: Json): string[] {
  const decoder = bedrockConverse.createStreamDecoder();
  const parts: StreamPart[] = [];
  const push = (event: string, data: JsonObject): void => decoder.push({ event, data: JSON.stringify(data) }, parts);
  push("messageStart", { role: "assistant" });
  push("contentBlockStart", { start: { toolUse: { toolUseId: "t1", name: "f", type } }, contentBlockIndex: 0 });
  push("contentBlockDelta", { delta: { toolUse: { input: '{"a":1}' } }, contentBlockIndex: 0 });
  push("contentBlockStop", { contentBlockIndex: 0 });
  push("messageStop", { stopReason: "tool_use" });
  push("metadata", { usage: USAGE, metrics: { latencyMs: 1 } });
  decoder.finish(parts);
  return collectParts(parts).candidates.flatMap(({ items }) => items.map((item) => item.type));
}

test.each([
  ["tool_use", "tool_call"],
  [null, "tool_call"],
  ["server_tool_use", "opaque"],
  ["of_the_future", "opaque"],
])("a call of type %p is %s", (type, item) => {
  expect(whole(type)).toEqual([item]);
  expect(streamed(type)).toEqual([item]);
});
