/** The calls of one message that wait for their results, in order; several may have one id. */
export class OpenCalls {
  private readonly ids: readonly string[];
  /** Results so far that named their call, by id. */
  private readonly answered = new Map<string, number>();
  private first = 0;

  constructor(ids: readonly string[]) {
    this.ids = ids;
  }

  /** A result names its call. */
  answer(id: string): void {
    this.answered.set(id, (this.answered.get(id) ?? 0) + 1);
  }

  /** The first call that has no result yet, which it gets; undefined when there is none. */
  next(): string | undefined {
    for (let id = this.ids[this.first]; id !== undefined; id = this.ids[this.first]) {
      this.first += 1;
      const left = this.answered.get(id) ?? 0;
      if (left === 0) return id;
      this.answered.set(id, left - 1);
    }
    return undefined;
  }
}
