/** Time that passes only when the next event is due: the same run on every machine. */
export class VirtualClock {
  /** Milliseconds. */
  now = 1_000_000;
  private readonly due: { at: number; order: number; run: () => void }[] = [];
  private order = 0;

  after(milliseconds: number, run: () => void): void {
    const event = { at: this.now + milliseconds, order: this.order++, run };
    this.due.push(event);
    this.siftUp(this.due.length - 1);
  }

  runAll(): void {
    for (let next = this.take(); next !== undefined; next = this.take()) {
      this.now = next.at;
      next.run();
    }
  }

  private isBefore(one: number, other: number): boolean {
    const [a, b] = [this.due[one], this.due[other]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.due[one], this.due[other]];
    if (a === undefined || b === undefined) return;
    this.due[one] = b;
    this.due[other] = a;
  }

  private siftUp(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private take() {
    const first = this.due[0];
    const last = this.due.pop();
    if (first === undefined || last === undefined || this.due.length === 0) return first;
    this.due[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.due.length && this.isBefore(child, least)) least = child;
      }
      if (least === at) return first;
      this.swap(at, least);
      at = least;
    }
  }
}
