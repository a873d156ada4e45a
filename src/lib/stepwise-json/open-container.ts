/** An object or array whose end has not been reached. What is complete in it waits as text until it is parsed together. */
export class OpenContainer {
  readonly isObject: boolean;
  /** Offset of the child under way: of its key, in an object. */
  childFrom = 0;
  /** Offset of the value under way. */
  valueFrom = 0;
  /** Offset after the key under way. */
  keyTo = 0;
  /** The key under way, where it was parsed by itself. */
  key: string | null = null;
  private readonly text: string;
  private waitingFrom = -1;
  private waitingTo = -1;
  private object: Record<string, unknown> | null = null;
  private list: unknown[] | null = null;

  constructor(text: string, isObject: boolean) {
    this.text = text;
    this.isObject = isObject;
  }

  /** Some of it is parsed: its own text must not be parsed as a whole any more. */
  get isBegun(): boolean {
    return this.object !== null || this.list !== null;
  }

  /** What it holds, once it is closed. */
  parsed(): unknown {
    this.parseWaiting();
    return this.isObject ? this.object : this.list;
  }

  /** As it is, whether or not it is good JSON: with its value it is parsed once more. */
  keyUnderWay(): string {
    if (this.key !== null) return this.key;
    const raw = this.text.slice(this.childFrom + 1, this.keyTo - 1);
    return raw.includes("\\") ? this.parsedKey() : raw;
  }

  /** The child under way ended at `to`, and nothing of it is parsed. */
  addText(to: number): void {
    if (this.key !== null) {
      this.addValue(JSON.parse(this.text.slice(this.valueFrom, to)));
      return;
    }
    if (this.waitingFrom < 0) this.waitingFrom = this.childFrom;
    this.waitingTo = to;
  }

  /** The child under way has this value. What waits must have been parsed. */
  addValue(value: unknown): void {
    if (this.isObject) put((this.object ??= {}), this.key ?? this.parsedKey(), value);
    else (this.list ??= []).push(value);
    this.key = null;
  }

  /** Parses what waits. Throws a `SyntaxError` when it is no JSON. */
  parseWaiting(): void {
    if (this.isObject) this.addMembers(this.waiting("{", "}") as Record<string, unknown>);
    else this.addElements(this.waiting("[", "]") as unknown[]);
    this.waitingFrom = -1;
    this.waitingTo = -1;
  }

  private parsedKey(): string {
    return JSON.parse(this.text.slice(this.childFrom, this.keyTo)) as string;
  }

  private waiting(open: string, close: string): unknown {
    const inside = this.waitingFrom < 0 ? "" : this.text.slice(this.waitingFrom, this.waitingTo);
    return JSON.parse(open + inside + close);
  }

  private addMembers(members: Record<string, unknown>): void {
    if (this.object === null) {
      this.object = members;
      return;
    }
    for (const key of Object.keys(members)) put(this.object, key, members[key]);
  }

  private addElements(elements: unknown[]): void {
    if (this.list === null) {
      this.list = elements;
      return;
    }
    for (const element of elements) this.list.push(element);
  }
}

/** A member like any other, also when it is called `__proto__`. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
