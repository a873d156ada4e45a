import { expect, test } from "bun:test";
import { scanTopLevel } from "../json-scan.ts";
import { jsonInSteps, textInSteps } from "./stepwise-bytes.ts";
import { StepwiseJson } from "./stepwise-json.ts";

/** `SEED` and `ROUNDS` repeat a failure, or look for one. */
const SEED = Number(process.env["SEED"] ?? 1);
const ROUNDS = Number(process.env["ROUNDS"] ?? 2000);
const LIMITS = { depth: 200, values: 1e9, numberLength: 1000 };

const LETTERS = [
  "a",
  "\\n",
  '\\"',
  "\\\\",
  "\\u4e2d",
  "\\ud83d\\ude00",
  "中",
  "😀",
  "\\/",
  "{",
  "}",
  "]",
  ",",
  ":",
  "u",
];
const SCALARS = ["1", "-0", "1e5", "-12.25E-3", "true", "false", "null", "123456789012345678901234567890"];
const KEYS = ['"__proto__"', '"a"', '"b"', '"1"', '"\\u0061"', '"constructor"', '""'];
const JUNK = ["{", "}", "[", "]", ",", ":", '"', "\\", "u", "1", "-", "t", " ", "\n", "\u0001", "e", ".", "中"];

/** Random JSON texts, most of them with a fault. */
class Source {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  text(): string {
    const text = this.object(5) + this.space();
    return this.draw() < 0.4 ? text : this.spoiled(text);
  }

  private draw(): number {
    this.state = (this.state * 1_103_515_245 + 12_345) % 0x8000_0000;
    return this.state / 0x8000_0000;
  }

  private pick(from: readonly string[]): string {
    return from[Math.floor(this.draw() * from.length)] ?? "";
  }

  private several(most: number, one: () => string): string[] {
    return Array.from({ length: Math.floor(this.draw() * most) }, one);
  }

  private space(): string {
    return this.draw() < 0.2 ? this.pick([" ", "\n", "\t", "\r", "  "]) : "";
  }

  private string(): string {
    return `"${this.several(12, () => this.pick(LETTERS)).join("")}"`;
  }

  private value(depth: number): string {
    const kind = this.draw();
    if (depth === 0 || kind < 0.3) return this.string();
    if (kind < 0.45) return this.pick(SCALARS);
    return kind < 0.7 ? this.list(depth - 1) : this.object(depth - 1);
  }

  private list(depth: number): string {
    const elements = this.several(5, () => this.space() + this.value(depth) + this.space());
    return `[${elements.join(",")}${this.space()}]`;
  }

  private object(depth: number): string {
    const members = this.several(5, () => {
      const key = this.draw() < 0.3 ? this.pick(KEYS) : this.string();
      return `${this.space()}${key}${this.space()}:${this.space()}${this.value(depth)}${this.space()}`;
    });
    return `{${members.join(",")}${this.space()}}`;
  }

  private spoiled(text: string): string {
    const at = Math.floor(this.draw() * (text.length + 1));
    const kept = this.draw() < 0.5 ? at : at + 1;
    return this.draw() < 0.2 ? text.slice(0, at) : text.slice(0, at) + this.pick(JUNK) + text.slice(kept);
  }
}

function whole(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && !Array.isArray(json) ? json : null;
  } catch {
    return null;
  }
}

function inSteps(text: string, stepLength: number): StepwiseJson | null {
  try {
    const parser = new StepwiseJson(text, LIMITS, stepLength);
    while (parser.step() === "more");
    return parser;
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return null;
  }
}

for (const stepLength of [1, 2, 3, 7, 40]) {
  test(`random texts in steps of ${stepLength} are taken, refused and written as in one`, () => {
    const source = new Source(SEED * stepLength);
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = source.text();
      const wanted = whole(text);
      const parser = inSteps(text, stepLength);
      const json = parser?.json ?? null;
      expect({ text, json }).toStrictEqual({ text, json: wanted });
      if (parser === null) continue;
      expect(JSON.stringify(parser.json)).toBe(JSON.stringify(wanted));
      expect({ text, scan: parser.scan }).toEqual({ text, scan: scanTopLevel(text, { maxDepth: 200 }) });
      expect(Buffer.concat([...jsonInSteps(wanted, stepLength)]).toString()).toBe(JSON.stringify(wanted));
      expect(Buffer.concat([...textInSteps(text, stepLength)]).equals(Buffer.from(text))).toBe(true);
    }
  });
}
