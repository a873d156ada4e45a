import { expect, test } from "bun:test";
import { scanTopLevel } from "../../lib/json-scan.ts";
import { withModel } from "./with-model.ts";

function body(text: string) {
  return { text, json: JSON.parse(text), scan: scanTopLevel(text, { maxDepth: 200 }), form: null };
}

test.each([
  ['{ "n":1.0 }', '{"model":"m", "n":1.0 }'],
  ['{"model":"other","n":1}', '{"model":"m","n":1}'],
  ["{}", '{"model":"m"}'],
])("%s names the model", (text, wanted) => {
  const made = withModel(body(text), "m");
  expect(made.text).toBe(wanted);
  expect(made.json).toEqual(JSON.parse(wanted));
  expect(made.scan).toEqual(scanTopLevel(wanted, { maxDepth: 200 }));
});

test("a body that names it already is left alone", () => {
  const given = body('{"model" : "m"}');
  expect(withModel(given, "m")).toBe(given);
});

test("a form gets a field of its own", () => {
  const part = (name: string, text: string) => ({ name, data: Buffer.from(text) });
  const given = { ...body("{}"), json: { model: "a", x: "1" }, form: [part("model", "a"), part("x", "1")] };
  const made = withModel(given, "m");
  expect(made.json).toEqual({ model: "m", x: "1" });
  expect(made.form?.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
    ["x", "1"],
    ["model", "m"],
  ]);
});
