import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { parseBody } from "./parse-body.ts";

const MIB = 1024 * 1024;
const holding = (text: string): Buffer => Buffer.from(`{"model":"m","text":"${text}"}`);

/** How often the thread turned to other things until the body was parsed. */
async function turnsOf(body: RawBody | Promise<RawBody>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await body;
  isOver = true;
  return turns;
}

async function codeOf(parse: () => RawBody | Promise<RawBody>): Promise<string> {
  try {
    await parse();
    return "";
  } catch (error) {
    return error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe("a large body", () => {
  test("is parsed in steps, and others are served in between: more of them for larger ones", async () => {
    const some = await turnsOf(parseBody(holding("a".repeat(2 * MIB))));
    const more = await turnsOf(parseBody(holding('a\\"'.repeat(MIB) + "b".repeat(20 * MIB))));
    expect(some).toBeGreaterThan(3);
    expect(more).toBeGreaterThan(some + 3);
  });

  test("is what a small one would be", async () => {
    const text = 'ä\\"\\n'.repeat(MIB / 4);
    const large = await parseBody(holding(text));
    expect(large.json["text"]).toBe(JSON.parse(`"${text}"`));
    expect(large.text).toBe(holding(text).toString());
    expect([...large.scan.spans.keys()]).toEqual(["model", "text"]);
  });

  test("in good UTF-8, of one value and few escapes is taken, whatever its size", async () => {
    const body = await parseBody(holding("a".repeat(40 * MIB)));
    expect(body.json["model"]).toBe("m");
  });

  test("of escapes is parsed in as many steps as any other, and is what a small one would be", async () => {
    const escapes = String.raw`\"\\\u4e2d\n`;
    const body = parseBody(holding(escapes.repeat(2 * MIB)));
    expect(await turnsOf(body)).toBeGreaterThan(40);
    expect((await body).json["text"]).toBe(JSON.parse(`"${escapes}"`).repeat(2 * MIB));
  });

  test("with a number that no parser should be held up by is refused", async () => {
    const numbered = (length: number): Buffer => Buffer.from(`{"n":${"1".repeat(length)}}`);
    expect(await codeOf(() => parseBody(numbered(MIB)))).toBe("");
    expect(await codeOf(() => parseBody(numbered(MIB + 1)))).toContain("a number of more than 1048576 characters");
  });

  test("that is no JSON is refused as a small one is", async () => {
    expect(await codeOf(() => parseBody(Buffer.from(" ".repeat(2 * MIB))))).toStartWith("invalid_json: ");
    expect(await codeOf(() => parseBody(Buffer.from("[".repeat(2 * MIB))))).toContain("must be a JSON object");
    expect(await codeOf(() => parseBody(Buffer.from(`{"a":${"[".repeat(2 * MIB)}`)))).toContain(
      "deeper than 200 levels",
    );
    expect(await codeOf(() => parseBody(Buffer.from(`{"a":[${"1,".repeat(MIB)}1]}`)))).toContain(
      "more than 200000 values",
    );
    expect(await codeOf(() => parseBody(Buffer.from(`{"a":"${"b".repeat(2 * MIB)}`)))).toContain("not valid JSON");
    expect(await codeOf(() => parseBody(Buffer.alloc(2 * MIB, 0xff)))).toContain("not valid UTF-8");
  });
});

test("a small body is parsed at once", () => {
  expect(parseBody(holding("a"))).toMatchObject({ json: { model: "m", text: "a" } });
});
