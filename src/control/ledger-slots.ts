import { createSegment, segmentsFor, type Counters } from "../domain/ledger/counters.ts";
import { periodAt, type PeriodSpec } from "../domain/ledger/period.ts";

/** What the store remembers of a counter. */
export interface Balance {
  counter: string;
  period: number;
  amount: number;
}

/**
 * Gives each counter its place in shared memory, filled with what the store remembers of it. A counter keeps its place over
 * reloads, so that live counts survive a change of the configuration; places are not given to others while the process lives.
 */
export class LedgerSlots {
  /** Grows at its end only. */
  readonly segments: SharedArrayBuffer[] = [];
  private readonly slots = new Map<string, number>();
  private readonly open: (segments: readonly SharedArrayBuffer[]) => Counters;
  private readonly balances: () => readonly Balance[];
  private counters: Counters | null = null;
  private remembered: Map<string, Balance[]> | null = null;

  /** `balances` is asked when a snapshot brings the first counter that is not known yet. */
  constructor(open: (segments: readonly SharedArrayBuffer[]) => Counters, balances: () => readonly Balance[]) {
    this.open = open;
    this.balances = balances;
  }

  /** Call before a build: what the store remembers is read anew for counters that it adds. */
  begin(): void {
    this.remembered = null;
  }

  slotOf(counter: string, period: PeriodSpec): number {
    const known = this.slots.get(counter);
    if (known !== undefined) return known;
    const slot = this.slots.size;
    while (this.segments.length < segmentsFor(slot + 1)) this.segments.push(createSegment());
    this.fill(slot, counter, periodAt(period, Date.now()).number);
    this.slots.set(counter, slot);
    return slot;
  }

  private fill(slot: number, counter: string, now: number): void {
    this.counters ??= this.open(this.segments);
    this.counters.extend(this.segments);
    this.remembered ??= byCounter(this.balances());
    const known = (this.remembered.get(counter) ?? []).toSorted((one, other) => rank(one, now) - rank(other, now));
    for (const { period, amount } of known) this.counters.add(slot, period, amount);
  }
}

/**
 * The period of now comes last, after those before it: where two share a cell, the last one keeps it. Periods that are still to
 * come were charged by a clock that was ahead; they give way to all others.
 */
function rank({ period }: Balance, now: number): number {
  return period > now ? -1 : period;
}

function byCounter(balances: readonly Balance[]): Map<string, Balance[]> {
  const found = new Map<string, Balance[]>();
  for (const balance of balances) {
    const list = found.get(balance.counter);
    if (list === undefined) found.set(balance.counter, [balance]);
    else list.push(balance);
  }
  return found;
}
