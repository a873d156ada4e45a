import { describe, expect, test } from "bun:test";
import type { GatewayError } from "./errors.ts";
import { TaskFields } from "./task-fields.ts";

function refused(step: () => unknown): string | undefined {
  try {
    step();
  } catch (error) {
    return (error as GatewayError).fields.param;
  }
  return "not refused";
}

describe("TaskFields", () => {
  const json = new TaskFields({
    body: { a: "x", n: 2, off: false, none: null, list: ["x", "y"], number: "2" },
    form: null,
  });

  test("reads JSON by type", () => {
    expect(json.text("a")).toBe("x");
    expect(json.number("n", 1)).toBe(2);
    expect(json.flag("off")).toBe(false);
    expect(json.flag("absent")).toBe(false);
    expect(json.text("none")).toBeUndefined();
    expect(json.texts("list")).toEqual(["x", "y"]);
    expect(json.oneOf("a", ["x", "y"])).toBe("x");
  });

  test("refuses what is of another type, and names the field", () => {
    expect(refused(() => json.text("n"))).toBe("n");
    expect(refused(() => json.number("number"))).toBe("number");
    expect(refused(() => json.number("n", 3))).toBe("n");
    expect(refused(() => json.flag("a"))).toBe("a");
    expect(refused(() => json.oneOf("a", ["y"]))).toBe("a");
    expect(refused(() => json.text("absent", true))).toBe("absent");
    expect(refused(() => json.file("absent", true))).toBe("absent");
    expect(refused(() => new TaskFields({ body: { list: ["x", 1] }, form: null }).texts("list"))).toBe("list[1]");
  });

  test("reads numbers, flags, lists and files of a form", () => {
    const file = { name: "image[]", filename: "a.png", contentType: "image/png", data: Buffer.from("png") };
    const fields = new TaskFields({ body: { n: "2", on: "true", "tags[]": ["x"], bad: "two" }, form: [file] });
    expect(fields.number("n")).toBe(2);
    expect(fields.flag("on")).toBe(true);
    expect(fields.texts("tags")).toEqual(["x"]);
    expect(refused(() => fields.number("bad"))).toBe("bad");
    expect(fields.files("image")).toEqual([
      { type: "bytes", data: file.data, filename: "a.png", mediaType: "image/png" },
    ]);
    expect(fields.file("mask")).toBeUndefined();
  });

  test("leaves what nobody asked for, and never what stands on the prototype", () => {
    const fields = new TaskFields({ body: { a: "x", b: 1 }, form: null });
    expect(fields.text("a")).toBe("x");
    expect(fields.value("constructor")).toBeUndefined();
    expect(fields.rest()).toEqual({ b: 1 });
  });
});
