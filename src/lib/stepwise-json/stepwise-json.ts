import { closingQuote, outsideEscape, type ScanResult } from "../json-scan.ts";
import { OpenContainer } from "./open-container.ts";

/** What an object may hold at most; with more of it the steps end. */
export interface StepwiseLimits {
  /** Deepest nesting; the root counts as 1. */
  depth: number;
  /** Separators and opening brackets outside strings. */
  values: number;
  /** Characters of a number. */
  numberLength: number;
}

/** So many characters are worth a step: a few milliseconds. */
export const STEP_LENGTH = 512 * 1024;
/** And so many values, which cost more than their characters. */
const STEP_VALUES = 4000;

/** `more`: go on; `done`: the result is there; otherwise what there is too much of. */
export type StepOutcome = "more" | "done" | "too_deep" | "too_many_values" | "too_long_number";

/** What may come next. */
type Expected = "value" | "value_or_close" | "key" | "key_or_close" | "colon" | "comma_or_close" | "end";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Parses a JSON text whose root is an object (RFC 8259) in steps, each of which takes milliseconds whatever the text holds, where `JSON.parse` cannot be interrupted. Gives what `JSON.parse` and
 * `scanTopLevel` would, and takes what they take: the structure is walked here, and whatever is complete when a step ends
 * is parsed by `JSON.parse`, long strings in pieces.
 */
export class StepwiseJson {
  readonly scan: ScanResult = { spans: new Map(), duplicates: new Set(), depth: 1, tooDeep: false };
  /** The root, once the outcome is `done`. */
  json: unknown = undefined;
  private readonly text: string;
  private readonly limits: StepwiseLimits;
  private readonly stepLength: number;
  private readonly open: OpenContainer[] = [];
  private expected: Expected = "value";
  private at = 0;
  /** The text up to where this step ends. */
  private window = "";
  private values = 0;
  /** Of the string under way, when a step ended in it: what is parsed. */
  private pieces: string[] | null = null;
  private excess: StepOutcome | null = null;

  constructor(text: string, limits: StepwiseLimits, stepLength: number = STEP_LENGTH) {
    this.text = text;
    this.limits = limits;
    this.stepLength = stepLength;
  }

  /** Goes on for one step. Throws a `SyntaxError` when the text is no JSON, or its root no object. */
  step(): StepOutcome {
    const { length } = this.text;
    const limit = Math.min(this.at + this.stepLength, length);
    this.window = this.text.slice(0, limit);
    if (this.pieces !== null) this.readString(this.at, limit);
    const most = this.values + STEP_VALUES;
    while (this.at < limit && this.values < most && this.excess === null) this.readToken(limit);
    if (this.excess !== null) return this.excess;
    if (this.at >= length) return this.finish();
    for (const container of this.open) container.parseWaiting();
    return "more";
  }

  private finish(): StepOutcome {
    if (this.expected !== "end") throw new SyntaxError("unexpected end");
    return "done";
  }

  private readToken(limit: number): void {
    const code = this.text.charCodeAt(this.at);
    if (code === 32 || code === 10 || code === 13 || code === 9) this.at += 1;
    else if (code === QUOTE) this.openString(limit);
    else if (code === COMMA) this.readComma();
    else if (code === COLON) this.readColon();
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.openContainer(code === OPEN_BRACE);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.closeContainer(code === CLOSE_BRACE);
    else this.readScalar();
  }

  private readComma(): void {
    if (this.expected !== "comma_or_close") throw this.unexpected();
    this.expected = this.top().isObject ? "key" : "value";
    this.at += 1;
    this.countValue();
  }

  private readColon(): void {
    if (this.expected !== "colon") throw this.unexpected();
    this.expected = "value";
    this.at += 1;
  }

  private countValue(): void {
    this.values += 1;
    if (this.values > this.limits.values) this.excess = "too_many_values";
  }

  private openContainer(isObject: boolean): void {
    this.beginValue();
    if (this.open.length === 0 && !isObject) throw new SyntaxError("the root is no object");
    this.open.push(new OpenContainer(this.text, isObject));
    this.expected = isObject ? "key_or_close" : "value_or_close";
    this.at += 1;
    this.countValue();
    if (this.open.length > this.scan.depth) this.scan.depth = this.open.length;
    if (this.open.length > this.limits.depth) this.excess = "too_deep";
  }

  private closeContainer(isObject: boolean): void {
    const { expected } = this;
    const closed = this.open.at(-1);
    const mayClose = expected === "comma_or_close" || expected === (isObject ? "key_or_close" : "value_or_close");
    if (!mayClose || closed?.isObject !== isObject) throw this.unexpected();
    this.open.pop();
    this.at += 1;
    if (this.open.length === 0) this.endRoot(closed);
    else if (closed.isBegun) this.endParsed(closed.parsed());
    else this.endText();
  }

  private endRoot(root: OpenContainer): void {
    this.json = root.parsed();
    this.expected = "end";
  }

  private readScalar(): void {
    this.beginValue();
    const from = this.at;
    const last = from + this.limits.numberLength;
    while (this.at <= last && isOfScalar(this.text.charCodeAt(this.at))) this.at += 1;
    if (this.at === from) throw this.unexpected();
    if (this.at > last) this.excess = "too_long_number";
    else this.endText();
  }

  private openString(limit: number): void {
    if (this.expected === "key" || this.expected === "key_or_close") this.beginKey();
    else this.beginValue();
    this.readString(this.at + 1, limit);
  }

  /** Reads on in a string, whose closing quote may be beyond this step. */
  private readString(from: number, limit: number): void {
    const quote = closingQuote(this.window, from);
    if (quote >= 0) {
      this.closeString(from, quote);
      return;
    }
    if (limit === this.text.length) throw new SyntaxError("unterminated string");
    const cut = outsideEscape(this.text, from, limit);
    this.pieces ??= [];
    this.pieces.push(this.pieceOf(from, cut));
    this.at = cut;
  }

  private closeString(from: number, quote: number): void {
    this.at = quote + 1;
    const { pieces } = this;
    if (pieces === null) {
      if (this.expected === "colon") this.top().keyTo = this.at;
      else this.endText();
      return;
    }
    this.pieces = null;
    const whole = pieces.join("") + this.pieceOf(from, quote);
    if (this.expected === "colon") this.top().key = whole;
    else this.endParsed(whole);
  }

  private pieceOf(from: number, to: number): string {
    return JSON.parse(`"${this.text.slice(from, to)}"`) as string;
  }

  private beginKey(): void {
    const container = this.top();
    container.childFrom = this.at;
    this.expected = "colon";
  }

  private beginValue(): void {
    if (this.expected !== "value" && this.expected !== "value_or_close") throw this.unexpected();
    const container = this.open.at(-1);
    if (container === undefined) return;
    container.valueFrom = this.at;
    if (!container.isObject) container.childFrom = this.at;
  }

  /** The value under way ended here, and nothing of it is parsed. */
  private endText(): void {
    const container = this.top();
    this.noteMember(container);
    container.addText(this.at);
    this.expected = "comma_or_close";
  }

  /** The value under way ended here, and was parsed in pieces. */
  private endParsed(value: unknown): void {
    const container = this.top();
    this.noteMember(container);
    container.addValue(value);
    this.expected = "comma_or_close";
  }

  private noteMember(container: OpenContainer): void {
    if (this.open.length !== 1) return;
    const { spans, duplicates } = this.scan;
    const key = container.keyUnderWay();
    if (spans.has(key)) duplicates.add(key);
    spans.set(key, { start: container.valueFrom, end: this.at });
  }

  /** The innermost container that is open. */
  private top(): OpenContainer {
    const container = this.open.at(-1);
    if (container === undefined) throw new SyntaxError("the root is no object");
    return container;
  }

  private unexpected(): SyntaxError {
    return new SyntaxError(`unexpected ${JSON.stringify(this.text.charAt(this.at))} at offset ${this.at}`);
  }
}

/** True for what numbers, `true`, `false` and `null` are written with. */
function isOfScalar(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 45 ||
    code === 46 ||
    code === 69
  );
}
