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

  test("of too many backslashes is refused before it is parsed", async () => {
    const most = 2_000_000;
    expect(await codeOf(() => parseBody(holding("\\n".repeat(most))))).toBe("");
    expect(await codeOf(() => parseBody(holding("\\n".repeat(most + 1))))).toContain("more than 2000000 backslashes");
    expect(await codeOf(() => parseBody(holding('\\"\\\\'.repeat(7 * MIB))))).toStartWith("invalid_json: ");
  });

  test("that is no JSON is refused as a small one is", async () => {
    expect(await codeOf(() => parseBody(Buffer.from(" ".repeat(2 * MIB))))).toStartWith("invalid_json: ");
    expect(await codeOf(() => parseBody(Buffer.from("[".repeat(2 * MIB))))).toStartWith("invalid_json: ");
    expect(await codeOf(() => parseBody(Buffer.alloc(2 * MIB, 0xff)))).toContain("not valid UTF-8");
  });
});

test("a small body is parsed at once", () => {
  expect(parseBody(holding("a"))).toMatchObject({ json: { model: "m", text: "a" } });
});
