import { expect, test } from "bun:test";
import type { RequestContext } from "../../pipeline/context.ts";
import { explainedReply } from "./explained-reply.ts";

function explained(body: string, contentType = "application/json") {
  const context = {
    arrival: { id: "req_1", chat: null },
    decided: null,
    targets: [],
    trace: [],
    attempts: [],
    warnings: [],
  };
  const reply = explainedReply(context as unknown as RequestContext, { status: 200, contentType, body });
  return {
    text: typeof reply.body === "string" ? reply.body : Buffer.from(reply.body as Uint8Array).toString(),
    context,
  };
}

const TOLD = '"trunkline":{"request_id":"req_1","route":null}';

test.each([
  ['{"a":1}', `{"a":1,${TOLD}}`],
  ["{}", `{${TOLD}}`],
  ["{ \n}\n", `{ \n${TOLD}}`],
  ['\n{"a":"}"}  \n', `\n{"a":"}",${TOLD}}`],
  ['{"a":{}}', `{"a":{},${TOLD}}`],
])("%j becomes %j", (body, wanted) => {
  expect(explained(body).text).toBe(wanted);
  expect(() => JSON.parse(wanted)).not.toThrow();
});

test.each([
  ["[1,2]", "application/json"],
  ['"text"', "application/json"],
  ["", "application/json"],
  ["{", "application/json"],
  ['{"a":1}\n{"b":2}\n', "application/x-ndjson"],
  ["plain", "text/plain"],
])("%j as %s stays, with a warning", (body, type) => {
  const { text, context } = explained(body, type);
  expect(text).toBe(body);
  expect(context.warnings).toMatchObject([{ code: "unsupported_field", field: "x-trunkline-explain" }]);
});

test("events get a comment at their end", () => {
  const { text } = explained("data: 1\n\n", "text/event-stream; charset=utf-8");
  expect(text).toBe('data: 1\n\n: trunkline-route {"request_id":"req_1","route":null}\n\n');
});
