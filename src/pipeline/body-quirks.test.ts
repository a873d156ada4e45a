import { expect, test } from "bun:test";
import type { JsonObject } from "../canonical/json.ts";
import type { BodyQuirks, Wire } from "../canonical/provider.ts";
import type { Warning } from "../canonical/warning.ts";
import { patchBody } from "../domain/attempt/patch.ts";
import { scanTopLevel } from "../lib/json-scan.ts";
import { quirkEdits, withQuirks } from "./body-quirks.ts";

/** What becomes of a body on both ways, which must agree. `edits`: what a relay changes besides. */
function changed(
  body: JsonObject,
  quirks: BodyQuirks,
  more: Partial<Wire> = {},
  edits: [string, string | null][] = [],
) {
  const wire: Wire = { dialect: "openai-chat", operations: ["chat"], body: quirks, ...more };
  const text = JSON.stringify(body);
  const raw = { text, json: body, scan: scanTopLevel(text, { maxDepth: 100 }), form: null };
  const all = new Map(edits);
  const warnings: Warning[] = [];
  quirkEdits(wire, raw, all, warnings);
  const relayed = JSON.parse(patchBody(raw, all));
  const edited: JsonObject = { ...body };
  for (const [key, value] of edits) edited[key] = JSON.parse(value ?? "null");
  const others: Warning[] = [];
  expect(withQuirks(wire, edited, others)).toEqual(relayed);
  expect(others).toEqual(warnings);
  return { body: relayed, warned: warnings.map(({ field }) => field) };
}

test("fields get other names, with the value that a relay gives them", () => {
  const rename = { model: "model_id" };
  expect(changed({ model: "a", n: 1 }, { rename }).body).toEqual({ model_id: "a", n: 1 });
  expect(changed({ model: "a" }, { rename }, {}, [["model", '"b"']]).body).toEqual({ model_id: "b" });
  expect(changed({ model: "a", model_id: "own" }, { rename }).body).toEqual({ model_id: "own" });
  expect(changed({ n: 1 }, { rename }).body).toEqual({ n: 1 });
});

test("texts get other names, other values do not", () => {
  const renameText = { tool_choice: "tool_choice_option" };
  expect(changed({ tool_choice: "auto" }, { renameText }).body).toEqual({ tool_choice_option: "auto" });
  const named = { tool_choice: { type: "function" } };
  expect(changed(named, { renameText }).body).toEqual(named);
});

test("fields are left out, with a warning or without, and set unless they are there", () => {
  const quirks = { remove: ["seed"], omit: ["stream"], set: { version: "1" } };
  expect(changed({ seed: 1, stream: true }, quirks)).toEqual({ body: { version: "1" }, warned: ["seed"] });
  expect(changed({ version: "2" }, quirks)).toEqual({ body: { version: "2" }, warned: [] });
});

test("a model in the path does not stand in the body", () => {
  expect(changed({ model: "a", n: 1 }, {}, { modelInPath: true }).body).toEqual({ n: 1 });
});

test("values get other names, others stay", () => {
  const values = { response_format: { b64_json: "base64" } };
  expect(changed({ response_format: "b64_json" }, { values }).body).toEqual({ response_format: "base64" });
  for (const response_format of ["url", "toString", 7])
    expect(changed({ response_format }, { values }).body).toEqual({ response_format });
});

test("a size in pixels is said as width and height, or as the nearest ratio, with a warning", () => {
  const pixels = { size: "width_height" } as const;
  expect(changed({ size: "1536x1024" }, pixels)).toEqual({ body: { width: 1536, height: 1024 }, warned: [] });
  expect(changed({ size: "8x9", width: 5 }, pixels).body).toEqual({ width: 5, height: 9 });
  expect(changed({ size: "large" }, pixels)).toEqual({ body: {}, warned: ["size"] });
  const ratio = { size: ["1:1", "3:2"] };
  expect(changed({ size: "1536x1024" }, ratio)).toEqual({ body: { aspect_ratio: "3:2" }, warned: ["size"] });
  for (const size of ["auto", 7, null]) expect(changed({ size }, ratio)).toEqual({ body: {}, warned: [] });
  expect(changed({ n: 1 }, ratio)).toEqual({ body: { n: 1 }, warned: [] });
});
