import { describe, expect, test } from "bun:test";
import { goodAnswer } from "../faults/bench.ts";
import { BodyScene, MIB } from "./body-scene.ts";

const scene = new BodyScene();

describe("JSON", () => {
  const DEEP = 100_000;
  test.each([
    ["lists", "[".repeat(DEEP) + "]".repeat(DEEP)],
    ["objects", '{"a":'.repeat(DEEP) + "1" + "}".repeat(DEEP)],
    ["lists that never end", "[".repeat(10 * MIB)],
    ["objects that never end", '{"a":'.repeat(2 * MIB)],
  ])("nested deeply: %s", async (_, value) => {
    expect(await scene.post(scene.chat(`"metadata":${value}`))).toMatchObject({ status: 400, code: "invalid_json" });
    expect(await scene.post(value)).toMatchObject({ status: 400, code: "invalid_json" });
  });

  const keys = (count: number): string => Array.from({ length: count }, (_, at) => `"k${at}":1`).join(",");
  const messages = (count: number): string =>
    Array.from({ length: count }, () => '{"role":"user","content":"x"}').join(",");

  test("with a million values", async () => {
    const refused = { status: 400, code: "invalid_json" };
    expect(await scene.post(scene.chat(keys(1_000_000)))).toMatchObject(refused);
    expect(await scene.post(scene.chat(`"metadata":{${keys(1_000_000)}}`))).toMatchObject(refused);
    expect(await scene.post(`{"model":"${scene.model}","messages":[${messages(700_000)}]}`)).toMatchObject(refused);
    expect(await scene.post(`[${"1,".repeat(1_000_000)}1]`)).toMatchObject(refused);
  });

  test("with as many values as are taken", async () => {
    // Slow to read for the mock too, which has little patience from the gateway: 504 is its own.
    const fine = [200, 400, 504];
    expect(fine).toContain((await scene.post(scene.chat(keys(190_000)))).status);
    expect(fine).toContain((await scene.post(`{"model":"${scene.model}","messages":[${messages(60_000)}]}`)).status);
  });

  const slow: readonly [name: string, text: string][] = [
    ["quotes and backslashes", '\\"\\\\'.repeat(7 * MIB)],
    ["escapes of one character", "\\u4e2d".repeat(5 * MIB)],
    ["escapes among letters", `\\n${"a".repeat(13)}`.repeat(2 * MIB)],
    ["letters of three bytes", "中".repeat(10 * MIB)],
  ];

  describe.each(slow)("of 30 MB: %s", (_, text) => {
    test.each(["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const)(
      "to %s",
      async (dialect) => {
        const name = scene.bench.model(dialect, goodAnswer(dialect, false));
        const body = `{"model":"${name}","messages":[{"role":"user","content":"${text}"}]}`;
        // Slow to read for the mock too: 504 is its own.
        expect([200, 504]).toContain((await scene.post(body)).status);
      },
    );
  });

  test("with numbers beyond all measure", async () => {
    expect(await scene.post(scene.chat(`"seed":1,"x_number":${"9".repeat(1_000_000)}`))).toMatchObject({ status: 200 });
    expect(scene.bench.mock.requests.at(-1)?.body).toContain("9".repeat(1_000_000));
    expect(
      (await scene.post(scene.chat('"max_tokens":1e999,"temperature":-1e999,"n":1e308,"seed":1e400'))).status,
    ).toBe(200);
  });

  test.each([
    ["nothing", ""],
    ["spaces", "   \n"],
    ["a list", "[]"],
    ["a text", '"model"'],
    ["a number", "1"],
    ["null", "null"],
    ["true", "true"],
    ["half an object", '{"model":'],
    ["two objects", "{}{}"],
    ["a comment", '{"model": /* x */ "m"}'],
    ["single quotes", "{'model':'m'}"],
    ["NaN", '{"model":"m","n":NaN}'],
    ["control characters in a string", '{"model":"a\nb"}'],
    ["a NUL", '{"model":"m"}\u0000'],
  ])("that is none: %s", async (_, text) => {
    expect(await scene.post(text)).toMatchObject({ status: 400, code: "invalid_json" });
  });

  test("with a byte order mark is read", async () => {
    expect(await scene.post(`\ufeff${scene.chat("")}`)).toMatchObject({ status: 200 });
  });

  test("in invalid UTF-8", async () => {
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0x80]]) {
      const body = Buffer.concat([
        Buffer.from(`{"model":"${scene.model}","messages":[{"role":"user","content":"`),
        Buffer.from(bytes),
        Buffer.from('"}]}'),
      ]);
      expect(await scene.post(body)).toMatchObject({ status: 400, code: "invalid_json" });
    }
  });

  test("in UTF-16", async () => {
    expect((await scene.post(Buffer.from(scene.chat(""), "utf16le"))).status).toBe(400);
  });

  test("with halves of surrogate pairs reaches providers as valid JSON, relayed or encoded", async () => {
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      const target = scene.bench.model(dialect, goodAnswer(dialect, false));
      const body = `{"model":"${target}","messages":[{"role":"user","content":"a\\ud800b"}],"user":"\\udfff"}`;
      expect(await scene.post(body)).toMatchObject({ status: 200 });
      expect(Object.keys(scene.bench.mock.requests.at(-1)?.json ?? {})).not.toEqual([]);
      expect(scene.bench.mock.requests.at(-1)?.body).toContain("ud800");
    }
  });
});
