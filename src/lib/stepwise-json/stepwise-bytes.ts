import { STEP_LENGTH } from "./stepwise-json.ts";

/** The UTF-8 bytes of a text, in pieces of about so many characters. */
export function* textInSteps(text: string, stepLength: number = STEP_LENGTH): Generator<Buffer, void> {
  for (let from = 0; from < text.length;) {
    const to = outsidePair(text, from + stepLength);
    yield Buffer.from(text.slice(from, to));
    from = to;
  }
}

/**
 * The bytes of `JSON.stringify(value)`, in pieces of about so many characters, each of which takes milliseconds whatever
 * the value holds. The value is plain data as `JSON.parse` makes it; `undefined` is left out like there.
 */
export function* jsonInSteps(value: unknown, stepLength: number = STEP_LENGTH): Generator<Buffer, void> {
  const writer = new Writer(stepLength);
  yield* writer.write(value);
  yield writer.take();
}

class Writer {
  private readonly stepLength: number;
  private text = "";

  constructor(stepLength: number) {
    this.stepLength = stepLength;
  }

  take(): Buffer {
    const bytes = Buffer.from(this.text);
    this.text = "";
    return bytes;
  }

  *write(value: unknown): Generator<Buffer, void> {
    if (typeof value === "string" && value.length > this.stepLength) yield* this.writeLongText(value);
    else if (Array.isArray(value)) yield* this.writeList(value);
    else if (typeof value === "object" && value !== null) yield* this.writeObject(value as Record<string, unknown>);
    else this.text += JSON.stringify(value) ?? "null";
    if (this.text.length > this.stepLength) yield this.take();
  }

  private *writeLongText(value: string): Generator<Buffer, void> {
    this.text += '"';
    for (let from = 0; from < value.length;) {
      const to = outsidePair(value, from + this.stepLength);
      this.text += JSON.stringify(value.slice(from, to)).slice(1, -1);
      yield this.take();
      from = to;
    }
    this.text += '"';
  }

  private *writeList(list: readonly unknown[]): Generator<Buffer, void> {
    let before = "[";
    for (const element of list) {
      this.text += before;
      before = ",";
      yield* this.write(element);
    }
    this.text += before === "[" ? "[]" : "]";
  }

  private *writeObject(object: Record<string, unknown>): Generator<Buffer, void> {
    let before = "{";
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined) continue;
      this.text += `${before}${JSON.stringify(key)}:`;
      before = ",";
      yield* this.write(value);
    }
    this.text += before === "{" ? "{}" : "}";
  }
}

/** `offset`, or the next where it would part a surrogate pair. */
function outsidePair(text: string, offset: number): number {
  const code = text.charCodeAt(offset - 1);
  return code >= 0xd800 && code <= 0xdbff ? offset + 1 : offset;
}
