import { expect, test } from "bun:test";
import { streamUsage } from "./stream-usage.ts";

test("usage is asked for unless the client does; its other options stay", () => {
  expect(streamUsage.edit({ stream: true })).toEqual({ key: "stream_options", value: '{"include_usage":true}' });
  expect(streamUsage.edit({ stream_options: { include_usage: false, include_obfuscation: false } })?.value).toBe(
    '{"include_usage":true,"include_obfuscation":false}',
  );
  expect(streamUsage.edit({ stream_options: { include_usage: true } })).toBeNull();
});

test("only the chunk that brings usage without choices is changed", () => {
  const soft = streamUsage.soften('{"id":"a","choices": [],"usage":{"total_tokens":3}}');
  expect(JSON.parse(soft)).toEqual({
    id: "a",
    choices: [{ index: 0, delta: {}, finish_reason: null }],
    usage: { total_tokens: 3 },
  });
  for (const data of [
    "[DONE]",
    '{"choices":[],"prompt_filter_results":[]}',
    '{"choices":[{"delta":{"content":"\\"usage\\" \\"choices\\":[]"}}]}',
  ]) {
    expect(streamUsage.soften(data)).toBe(data);
  }
});

test("chunks are rid of the usage that is null for the asking", () => {
  const told = streamUsage.soften(
    '{"id":"a","choices":[{"delta":{"content":"\\"x\\",\\"usage\\":null"}}],"usage":null,"x":1}',
  );
  expect(JSON.parse(told)).toEqual({ id: "a", choices: [{ delta: { content: '"x","usage":null' } }], x: 1 });
  expect(told).toContain('\\"usage\\":null');
});
