import { expect, test } from "bun:test";
import { readLines } from "./batch-lines.ts";

const ENDPOINT = "/v1/chat/completions";
const line = (fields: Record<string, unknown>): string =>
  JSON.stringify({ custom_id: "a", method: "POST", url: ENDPOINT, body: { model: "m" }, ...fields });

test("lines, with blank ones and any line ends between them", async () => {
  const { lines, errors } = await readLines(`${line({})}\r\n\n${line({ custom_id: "b" })}\n`, ENDPOINT, 10);
  expect(errors).toEqual([]);
  expect(lines.map(({ customId }) => customId)).toEqual(["a", "b"]);
});

test.each([
  ["{", "invalid_json_line"],
  ["[]", "invalid_json_line"],
  [line({ custom_id: 1 }), "missing_required_parameter"],
  [line({ custom_id: "x".repeat(513) }), "missing_required_parameter"],
  [`${line({})}\n${line({})}`, "duplicate_custom_id"],
  [line({ method: "GET" }), "invalid_method"],
  [line({ url: "/v1/embeddings" }), "mismatched_url"],
  [line({ body: null }), "invalid_body"],
  [line({ body: { stream: true } }), "invalid_body"],
  ["", "empty_file"],
  [" \n\n", "empty_file"],
])("%#: what is wrong is named", async (text, code) => {
  const { errors } = await readLines(text, ENDPOINT, 10);
  expect(errors.map((error) => error.code)).toEqual([code]);
});

test("neither lines nor complaints grow without end", async () => {
  const many = Array.from({ length: 20 }, (_, at) => line({ custom_id: String(at) })).join("\n");
  expect((await readLines(many, ENDPOINT, 10)).errors.map(({ code }) => code)).toEqual(["too_many_lines"]);
  expect((await readLines("x\n".repeat(5000), ENDPOINT, 10)).errors.length).toBe(100);
});
