import { expect, test } from "bun:test";
import { sampleRecord } from "./fixtures/record.ts";
import { parseRecord } from "./parse-record.ts";

test("a record comes back as it was written", () => {
  const record = sampleRecord({ error_message: "π\n\u0000", user: "ann", cost_nano_usd: null });
  expect(parseRecord(JSON.stringify(record))).toEqual(record);
});

test.each([
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "1",
  "{}",
  '{"id":"a"}',
  '{"id":"","time":1}',
  '{"id":1,"time":1}',
  '{"id":"a","time":"1"}',
  '{"id":"a","time":null}',
  '{"id":"a\\u0000","time":1}',
  '{"id":"a\\ud800","time":1}',
  `${JSON.stringify(sampleRecord())}!`,
  JSON.stringify(sampleRecord()).slice(0, -1),
  "\0\0\0\0",
])("%j is no record", (line) => {
  expect(parseRecord(line)).toBeNull();
});

test("fields that are missing or of the wrong type take their neutral value", () => {
  expect(
    parseRecord('{"id":"a","time":5,"status":"200","cost_nano_usd":{},"attempts":[1,{"code":null}],"stream":1}'),
  ).toEqual({
    ...sampleRecord({
      id: "a",
      time: 5,
      stream: false,
      status: 0,
      requested_model: "",
      duration_ms: 0,
      snapshot: 0,
      thread: 0,
      attempts: [{ code: null }] as never,
      trace: [],
      charges: [],
    }),
    operation: "" as never,
    dialect: "" as never,
    outcome: "" as never,
    provider: null,
    model: null,
    provider_key: null,
    virtual_key: null,
    team: null,
    customer: null,
    input_tokens: null,
    cached_input_tokens: null,
    cache_write_tokens: null,
    output_tokens: null,
    reasoning_tokens: null,
    cost_nano_usd: null,
    first_content_ms: null,
  });
});

test("only whole charges are taken, and prototype keys are plain text", () => {
  const charges = [
    { counter: "c", period: 1, amount: 2 },
    { counter: "c", period: 1.5, amount: 2 },
    { counter: "c", period: 1, amount: 0.5 },
    { counter: "c", period: 1, amount: 1e300 },
    null,
    { counter: "c" },
  ];
  const line = JSON.stringify({ ...sampleRecord(), charges }).replace("{", '{"__proto__":{"team":"x"},');
  const record = parseRecord(line);
  expect(record?.charges).toEqual([{ counter: "c", period: 1, amount: 2 }]);
  expect(record?.team).toBe("ml");
  expect(({} as { team?: string }).team).toBeUndefined();
});
