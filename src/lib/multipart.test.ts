import { expect, test } from "bun:test";
import { boundaryOf, MultipartError, readForm, writeForm } from "./multipart.ts";

test("a form as fetch writes it", async () => {
  const form = new FormData();
  form.set("model", "whisper-1");
  form.set("prompt", 'Umlauts: äöü, "quotes"\r\nand lines');
  form.append("timestamp_granularities[]", "word");
  form.append("timestamp_granularities[]", "segment");
  form.set("file", new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'a "b".wav', { type: "audio/wav" }));
  const request = new Request("http://x/", { method: "POST", body: form });
  const boundary = boundaryOf(request.headers.get("content-type") ?? "") ?? "";
  const parts = readForm(await request.bytes(), boundary);
  expect(parts.map(({ name, filename }) => [name, filename])).toEqual([
    ["model", undefined],
    ["prompt", undefined],
    ["timestamp_granularities[]", undefined],
    ["timestamp_granularities[]", undefined],
    ["file", 'a "b".wav'],
  ]);
  expect(Buffer.from(parts[1]?.data ?? []).toString()).toBe('Umlauts: äöü, "quotes"\r\nand lines');
  expect(parts[4]).toMatchObject({ contentType: "audio/wav", data: Buffer.from([0, 13, 10, 45, 45, 255]) });
});

test("spaces within the headers of many parts are read in no time", () => {
  const part = `--b\r\ncontent-disposition: form-data; name="n"\r\ncontent-type:  a${" ".repeat(16_000)}b \r\n\r\nx\r\n`;
  const parts = readForm(Buffer.from(`${part.repeat(100)}--b--\r\n`), "b");
  expect(parts).toHaveLength(100);
  expect(parts[0]?.contentType).toBe(`a${" ".repeat(16_000)}b`);
});

test("what is written is read again, also by fetch", async () => {
  const parts = [
    { name: "model", data: Buffer.from("m") },
    { name: "empty", data: Buffer.alloc(0) },
    {
      name: "file",
      filename: 'x"y.bin',
      contentType: "application/octet-stream",
      data: Buffer.from("\r\n--no boundary"),
    },
  ];
  const { contentType, data } = writeForm(parts);
  expect(readForm(data, boundaryOf(contentType) ?? "")).toEqual(parts);
  const form = await new Response(data as BodyInit, { headers: { "content-type": contentType } }).formData();
  expect(form.get("model")).toBe("m");
  expect(await (form.get("file") as File).text()).toBe("\r\n--no boundary");
});

test.each([
  ["", "x"],
  ["no boundary here", "x"],
  ['--x\r\ncontent-disposition: form-data; name="a"\r\n\r\ncut', "x"],
  ["--x\r\nno headers\r\n--x--", "x"],
  ["--x\r\ncontent-disposition: form-data\r\n\r\nnameless\r\n--x--", "x"],
])("no form: %j", (text, boundary) => {
  expect(() => readForm(Buffer.from(text), boundary)).toThrow(MultipartError);
});

test("content types", () => {
  expect(boundaryOf("multipart/form-data; boundary=abc")).toBe("abc");
  expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b"')).toBe("a b");
  expect(boundaryOf("multipart/form-data")).toBeNull();
  expect(boundaryOf("application/json; boundary=abc")).toBeNull();
});
