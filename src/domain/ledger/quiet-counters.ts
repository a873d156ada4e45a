import { Counters } from "./counters.ts";

/** Live counters for decisions that are only tried out: what is added counts here alone. */
export class QuietCounters extends Counters {
  private readonly added = new Map<string, number>();

  override add(slot: number, period: number, amount: number): number {
    const id = `${slot} ${period}`;
    this.added.set(id, (this.added.get(id) ?? 0) + amount);
    return this.read(slot, period);
  }

  override amend(slot: number, period: number, amount: number): void {
    this.add(slot, period, amount);
  }

  override read(slot: number, period: number): number {
    return super.read(slot, period) + (this.added.get(`${slot} ${period}`) ?? 0);
  }
}
